/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.jdk.java.security;

import org.jspecify.annotations.Nullable;

/** Bouncy Castle looks for switches of its own among the security properties. There are none. */
public final class Security {
  private Security() {}

  /** Returns null: it is not set. */
  public static @Nullable String getProperty(String unused) {
    return null;
  }
}
