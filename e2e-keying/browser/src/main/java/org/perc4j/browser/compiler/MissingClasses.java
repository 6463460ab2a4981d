/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.compiler;

import org.teavm.extension.spi.substitution.SimpleSubstitutionPolicy;
import org.teavm.extension.spi.substitution.SubstitutionSink;

/** Where the classes of {@code java} are that TeaVM's class library does not have. */
public final class MissingClasses extends SimpleSubstitutionPolicy {
  @Override
  public void contribute(SubstitutionSink sink) {
    var unused =
        sink.selectClasses(inPackage("java", true)).packagePrefix("org.perc4j.browser.jdk.");
  }
}
