/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.compiler;

import org.teavm.extension.introspect.IntrospectMethod;
import org.teavm.extension.spi.reflection.SimpleReflectionPolicy;

/** Bouncy Castle's {@code MLSInputStream} finds by reflection the constructors that read. */
public final class MlsConstructors extends SimpleReflectionPolicy {
  @Override
  protected void setup() {
    var unused =
        selectPackage("org.bouncycastle.mls", true)
            .reflectableMembers(
                member -> member instanceof IntrospectMethod method && method.isConstructor());
  }
}
