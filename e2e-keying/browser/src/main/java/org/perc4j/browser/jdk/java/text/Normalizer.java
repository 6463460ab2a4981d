/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.jdk.java.text;

import org.perc4j.browser.Script;

/** Names are normalised while they are checked; the browser does it. */
public final class Normalizer {
  private Normalizer() {}

  /** The forms, under the names that ECMAScript has for them, too. */
  public enum Form {
    NFD,
    NFC,
    NFKD,
    NFKC
  }

  /** Returns a text in one form. */
  public static String normalize(CharSequence text, Form form) {
    return Script.normalize(text.toString(), form.name());
  }

  /** Whether a text is in one form. */
  public static boolean isNormalized(CharSequence text, Form form) {
    return normalize(text, form).contentEquals(text);
  }
}
