/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import org.perc4j.e2e.mls.GroupTests;
import org.teavm.extension.spi.reflection.SimpleReflectionPolicy;

/** Tests find their methods by reflection, and forgers the insides of what they forge. */
public final class TestReflection extends SimpleReflectionPolicy {
  @Override
  protected void setup() {
    var unused =
        selectPackage("org.perc4j.e2e.mls")
            .reflectableMembers(member -> GroupTests.isForAll(member.name()));
    unused = selectPackage("org.bouncycastle.mls", true).reflectableFields(field -> true);
  }
}
