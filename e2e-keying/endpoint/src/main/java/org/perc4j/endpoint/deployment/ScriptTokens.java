/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import java.util.List;
import java.util.Set;

/**
 * Cuts JavaScript into names, literals and signs, well enough for configurations: comments are left
 * out, a regular expression is guessed from what is in front of it, what is malformed becomes signs
 * of one character. Always comes to an end. Not thread-safe.
 */
final class ScriptTokens {
  enum Kind {
    NAME,
    /** The text is what is between the quotes, escapes resolved. */
    STRING,
    /** The text is what is between the backticks, as it is written. */
    TEMPLATE,
    NUMBER,
    REGULAR_EXPRESSION,
    SIGN,
    END
  }

  /**
   * A token.
   *
   * @param afterNewline whether it is the first of its line
   */
  record Token(Kind kind, String text, boolean afterNewline) {
    boolean isSign(String sign) {
      return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isName(String name) {
      return kind == Kind.NAME && text.equals(name);
    }
  }

  /** Longer ones first. */
  private static final List<String> LONG_SIGNS =
      List.of(
          "===", "!==", "...", "**=", ">>>", "==", "!=", "=>", "<=", ">=", "&&", "||", "??", "+=",
          "-=", "*=", "/=", "%=", "++", "--");

  /** Behind these, a value has ended, and a slash divides. */
  private static final Set<String> VALUE_ENDS = Set.of(")", "]", "}");

  /** Longer ones are not looked for, as that would be done again and again. */
  private static final int MAX_REGULAR_EXPRESSION_CHARS = 500;

  private final String script;
  private int position;
  private boolean newline;
  private boolean valueEnded;
  private Token next;

  ScriptTokens(String script) {
    this.script = script;
    this.next = scan();
  }

  /** The token that comes next. */
  Token peek() {
    return next;
  }

  /** Takes the token that comes next. */
  Token take() {
    Token taken = next;
    next = scan();
    return taken;
  }

  private Token scan() {
    newline = false;
    skipSpaceAndComments();
    if (position >= script.length()) {
      return new Token(Kind.END, "", newline);
    }
    Token token = scanToken(script.charAt(position));
    valueEnded =
        switch (token.kind()) {
          case NAME -> !token.isName("return") && !token.isName("typeof");
          case SIGN -> VALUE_ENDS.contains(token.text());
          default -> true;
        };
    return token;
  }

  private void skipSpaceAndComments() {
    while (position < script.length()) {
      char character = script.charAt(position);
      if (character == '\n' || character == '\r') {
        newline = true;
        position++;
      } else if (Character.isWhitespace(character) || character == '\uFEFF') {
        position++;
      } else if (script.startsWith("//", position)) {
        position = lineEnd(position);
      } else if (script.startsWith("/*", position)) {
        int end = script.indexOf("*/", position + 2);
        position = end < 0 ? script.length() : end + 2;
      } else {
        return;
      }
    }
  }

  private int lineEnd(int from) {
    int end = from;
    while (end < script.length() && script.charAt(end) != '\n' && script.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private Token scanToken(char first) {
    if (first == '\'' || first == '"') {
      return new Token(Kind.STRING, string(first), newline);
    }
    if (first == '`') {
      return new Token(Kind.TEMPLATE, template(), newline);
    }
    if (Character.isJavaIdentifierStart(first)) {
      return new Token(Kind.NAME, word(), newline);
    }
    if (first >= '0' && first <= '9') {
      return new Token(Kind.NUMBER, word(), newline);
    }
    if (first == '/' && !valueEnded) {
      int end = regularExpressionEnd();
      if (end > 0) {
        position = end;
        return new Token(Kind.REGULAR_EXPRESSION, "", newline);
      }
    }
    for (String sign : LONG_SIGNS) {
      if (script.startsWith(sign, position)) {
        position += sign.length();
        return new Token(Kind.SIGN, sign, newline);
      }
    }
    position++;
    return new Token(Kind.SIGN, String.valueOf(first), newline);
  }

  private String word() {
    int start = position;
    while (position < script.length() && Character.isJavaIdentifierPart(script.charAt(position))) {
      position++;
    }
    return script.substring(start, position);
  }

  /** Ends with its line, if its quote is missing. */
  private String string(char quote) {
    StringBuilder text = new StringBuilder();
    position++;
    while (position < script.length()) {
      char character = script.charAt(position++);
      if (character == quote) {
        return text.toString();
      }
      if (character == '\n') {
        position--;
        return text.toString();
      }
      if (character == '\\') {
        escaped(text);
      } else {
        text.append(character);
      }
    }
    return text.toString();
  }

  private void escaped(StringBuilder text) {
    if (position >= script.length()) {
      return;
    }
    char character = script.charAt(position++);
    switch (character) {
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'x' -> numbered(text, character, 2);
      case 'u' -> numbered(text, character, 4);
      case '\n' -> {
        // the line goes on
      }
      default -> text.append(character);
    }
  }

  private void numbered(StringBuilder text, char kind, int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit =
          position + i < script.length() ? Character.digit(script.charAt(position + i), 16) : -1;
      if (digit < 0) {
        text.append(kind);
        return;
      }
      value = value << 4 | digit;
    }
    position += digits;
    text.append((char) value);
  }

  private String template() {
    int start = ++position;
    while (position < script.length() && script.charAt(position) != '`') {
      position += script.charAt(position) == '\\' ? 2 : 1;
    }
    int end = Math.min(position, script.length());
    position = Math.min(end + 1, script.length());
    return script.substring(start, end);
  }

  /** Where a regular expression ends that begins here, or 0 if it does not on this line. */
  private int regularExpressionEnd() {
    boolean inClass = false;
    int last = Math.min(script.length(), position + MAX_REGULAR_EXPRESSION_CHARS);
    for (int i = position + 1; i < last; i++) {
      char character = script.charAt(i);
      if (character == '\n' || character == '\r') {
        return 0;
      }
      if (character == '\\') {
        i++;
      } else if (character == '[') {
        inClass = true;
      } else if (character == ']') {
        inClass = false;
      } else if (character == '/' && !inClass) {
        return i + 1;
      }
    }
    return 0;
  }
}
