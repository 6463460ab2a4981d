/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

import java.util.regex.Pattern;

/**
 * Makes of texts that come from others what can be shown: one line, not long, that does nothing to
 * a terminal, changes no direction of writing, and climbs over no other line.
 */
public final class Printable {
  private static final int MAX_CHARS = 60;

  /** Controls, formats, halves of pairs, what is not assigned, separators of lines. */
  private static final Pattern HARMFUL = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private static final Pattern PILE_OF_MARKS = Pattern.compile("(\\p{M}{2})\\p{M}+");

  private Printable() {}

  /** Returns what of a text can be shown. */
  public static String of(String text) {
    int end = Math.min(text.length(), MAX_CHARS);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    String head = text.substring(0, end) + (end < text.length() ? "..." : "");
    return PILE_OF_MARKS.matcher(HARMFUL.matcher(head).replaceAll("?")).replaceAll("$1").strip();
  }

  /** Returns what of a message that may be long can be shown on a line. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length() && i < 5 * MAX_CHARS; i += MAX_CHARS) {
      line.append(
          HARMFUL
              .matcher(text.substring(i, Math.min(text.length(), i + MAX_CHARS)))
              .replaceAll(" "));
    }
    return line.toString().strip();
  }
}
