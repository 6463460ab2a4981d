/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.Deque;

/** HTML, with SVG in it, as it grows. Whatever is no name of a tag or attribute is escaped. */
final class Markup {
  private final StringBuilder out = new StringBuilder("<!DOCTYPE html>\n");
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn
   */
  @CanIgnoreReturnValue
  Markup open(String name, String... attributes) {
    tag(name, attributes).append('>');
    open.push(name);
    return this;
  }

  /** Ends the element that was begun last. */
  @CanIgnoreReturnValue
  Markup close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** An element with nothing in it. */
  @CanIgnoreReturnValue
  Markup empty(String name, String... attributes) {
    tag(name, attributes).append("/>");
    return this;
  }

  /** An element with text in it. */
  @CanIgnoreReturnValue
  Markup element(String name, String text, String... attributes) {
    return open(name, attributes).text(text).close();
  }

  /** Text. */
  @CanIgnoreReturnValue
  Markup text(String text) {
    escape(text);
    return this;
  }

  /** A style sheet of our own, as it is. */
  @CanIgnoreReturnValue
  Markup style(String css) {
    out.append("<style>").append(css).append("</style>\n");
    return this;
  }

  /** Begins a picture whose left and right end are those of its place, whatever its size. */
  @CanIgnoreReturnValue
  Markup picture(String styleClass, String label, int width, int height) {
    return open(
        "svg",
        "class",
        styleClass,
        "role",
        "img",
        "aria-label",
        label,
        "viewBox",
        "0 0 " + width + " " + height,
        "preserveAspectRatio",
        "none");
  }

  /** A shape with a tooltip. */
  @CanIgnoreReturnValue
  Markup shape(String name, String tooltip, String... attributes) {
    return open(name, attributes).element("title", tooltip).close();
  }

  @CanIgnoreReturnValue
  private StringBuilder tag(String name, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
    return out;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(isShown(c) ? c : '\uFFFD');
      }
    }
  }

  /** Control characters, and those that turn the direction of what follows, are not. */
  private static boolean isShown(char c) {
    boolean control = Character.isISOControl(c) && c != '\n';
    boolean turns = (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
    return !control && !turns;
  }

  /** Returns all of it; nothing may be open. */
  String finish() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return out.toString();
  }
}
