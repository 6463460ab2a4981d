/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.deployment.ScriptTokens.Kind;
import org.perc4j.endpoint.deployment.ScriptTokens.Token;

/**
 * Reads values from a script that assigns an object named {@code config}, without running it. It
 * takes literals of objects and strings, later assignments to members, and strings that are put
 * together of literals and of variables that have such values. A value that needs more than that,
 * or that is assigned under a condition, is not read, but named. Not thread-safe.
 */
final class ConfigurationScript {
  private static final String CONFIG = "config";
  private static final int MAX_VALUE_CHARS = 4096;
  private static final int MAX_VARIABLES = 1000;
  private static final int MAX_DEPTH = 100;

  private static final Set<String> CONDITIONS =
      Set.of("if", "for", "while", "switch", "catch", "with");
  private static final Set<String> BRANCHES = Set.of("else", "do", "try", "finally");
  private static final Set<String> DECLARATIONS = Set.of("var", "let", "const");

  private final ScriptTokens tokens;
  private final Set<String> wanted;
  private final Map<String, String> fixedVariables;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> values = new TreeMap<>();
  private final Set<String> unread = new TreeSet<>();
  private boolean found;

  private ConfigurationScript(
      String script, Set<String> wanted, Map<String, String> fixedVariables) {
    this.tokens = new ScriptTokens(script);
    this.wanted = wanted;
    this.fixedVariables = fixedVariables;
  }

  /**
   * Reads a script. Whatever it is, this comes to an end, in time and memory that are linear in its
   * length.
   *
   * @param wanted which members are read, such as {@code hosts.domain}
   * @param variables what they stand for, whatever the script assigns to them
   */
  static ConfigurationScript read(
      String script, Set<String> wanted, Map<String, String> variables) {
    ConfigurationScript read = new ConfigurationScript(script, wanted, variables);
    while (read.tokens.peek().kind() != Kind.END) {
      read.statement(false, 0);
    }
    return read;
  }

  /** Whether anything was assigned to the object or its members. */
  boolean isFound() {
    return found;
  }

  /** The values that are known, by the names of the members. */
  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /** Members that are assigned something that this cannot tell. */
  Set<String> unread() {
    return Collections.unmodifiableSet(unread);
  }

  private void statement(boolean conditional, int depth) {
    Token token = tokens.take();
    if (depth > MAX_DEPTH) {
      if (token.isSign("{")) {
        close();
      }
    } else if (token.isSign("{")) {
      block(conditional, depth);
    } else if (token.kind() == Kind.NAME && CONDITIONS.contains(token.text())) {
      parentheses();
      statement(true, depth + 1);
    } else if (token.kind() == Kind.NAME && BRANCHES.contains(token.text())) {
      statement(true, depth + 1);
    } else if (token.isName("function")) {
      if (tokens.peek().kind() == Kind.NAME) {
        Token unused = tokens.take();
      }
      parentheses();
      statement(true, depth + 1);
    } else if (token.kind() == Kind.NAME && DECLARATIONS.contains(token.text())) {
      declarations(conditional);
    } else if (token.kind() == Kind.NAME) {
      assignment(token.text(), conditional);
    } else if (isOpening(token)) {
      // a call or a function's expression, which may do anything
      skip(1, true);
    }
  }

  private void block(boolean conditional, int depth) {
    while (tokens.peek().kind() != Kind.END && !tokens.peek().isSign("}")) {
      statement(conditional, depth + 1);
    }
    Token unused = tokens.take();
  }

  private void parentheses() {
    if (tokens.peek().isSign("(")) {
      Token unused = tokens.take();
      close();
    }
  }

  /** Leaves out what follows an opening bracket, with the one that closes it. */
  private void close() {
    int open = 1;
    while (open > 0 && tokens.peek().kind() != Kind.END) {
      Token token = tokens.take();
      if (isOpening(token)) {
        open++;
      } else if (isClosing(token)) {
        open--;
      }
    }
  }

  private void declarations(boolean conditional) {
    do {
      if (tokens.peek().kind() != Kind.NAME) {
        skip(0, true);
        return;
      }
      assignment(tokens.take().text(), conditional);
    } while (tokens.peek().isSign(",") && tokens.take().isSign(","));
  }

  /** Behind the name that an assignment may begin with. */
  private void assignment(String name, boolean conditional) {
    String path = name;
    if (name.equals("window") && tokens.peek().isSign(".")) {
      Token unused = tokens.take();
      path = tokens.peek().kind() == Kind.NAME ? tokens.take().text() : "";
    }
    while (tokens.peek().isSign(".") || tokens.peek().isSign("[")) {
      boolean inBrackets = tokens.take().isSign("[");
      Token member = tokens.peek();
      if (member.kind() != (inBrackets ? Kind.STRING : Kind.NAME)) {
        skip(inBrackets ? 1 : 0, true);
        return;
      }
      path = isRelevant(path) ? path + "." + tokens.take().text() : dropped(tokens.take());
      if (inBrackets && !tokens.take().isSign("]")) {
        skip(0, true);
        return;
      }
    }
    if (!tokens.peek().isSign("=")) {
      if (tokens.peek().isSign("+=")) {
        forget(path);
      }
      skip(0, true);
      return;
    }
    Token unused = tokens.take();
    if (isRelevant(path)) {
      found = true;
      member(path.equals(CONFIG) ? "" : path.substring(CONFIG.length() + 1), conditional, true);
    } else {
      variable(path, expression(true), conditional);
    }
  }

  private static String dropped(Token member) {
    return "." + member.kind();
  }

  private boolean isRelevant(String path) {
    return path.equals(CONFIG)
        || (path.startsWith(CONFIG + ".") && isWantedOrAbove(path.substring(CONFIG.length() + 1)));
  }

  private boolean isWantedOrAbove(String member) {
    return wanted.contains(member) || isAbove(member);
  }

  private boolean isAbove(String member) {
    return member.isEmpty() || wanted.stream().anyMatch(other -> other.startsWith(member + "."));
  }

  private void forget(String path) {
    if (isRelevant(path) && !path.equals(CONFIG)) {
      record(path.substring(CONFIG.length() + 1), null, false);
    } else {
      String unused = variables.remove(path);
    }
  }

  private void variable(String name, @Nullable String value, boolean conditional) {
    if (value == null || conditional || variables.size() >= MAX_VARIABLES) {
      String unused = variables.remove(name);
    } else {
      String unused = variables.put(name, value);
    }
  }

  /** Takes what is assigned to a member: an object, or something with a value. */
  private void member(String path, boolean conditional, boolean endsWithLine) {
    if (!tokens.peek().isSign("{") || !isAbove(path)) {
      record(path, expression(endsWithLine), conditional);
      return;
    }
    Token unused = tokens.take();
    if (!conditional) {
      remove(path);
    }
    object(path.isEmpty() ? "" : path + ".", conditional);
    if (!endsHere(endsWithLine)) {
      record(path, null, conditional);
      skip(0, endsWithLine);
    }
  }

  private void object(String prefix, boolean conditional) {
    while (true) {
      Token key = tokens.take();
      if (key.kind() == Kind.END || key.isSign("}")) {
        return;
      }
      if (key.isSign(",")) {
        continue;
      }
      boolean isKey =
          key.kind() == Kind.NAME || key.kind() == Kind.STRING || key.kind() == Kind.NUMBER;
      if (isKey && tokens.peek().isSign(":")) {
        Token unused = tokens.take();
        String path = prefix + key.text();
        if (isWantedOrAbove(path) && !path.isEmpty()) {
          member(path, conditional, false);
        } else {
          skip(0, false);
        }
      } else {
        if (key.isSign("...")) {
          // what is copied into it may replace anything
          wanted.stream().filter(name -> name.startsWith(prefix)).forEach(unread::add);
        }
        skip(isOpening(key) ? 1 : 0, false);
      }
    }
  }

  private void record(String path, @Nullable String value, boolean conditional) {
    if (conditional) {
      name(path);
    } else if (value == null) {
      remove(path);
      name(path);
    } else if (wanted.contains(path)) {
      String unused = values.put(path, value);
      boolean unusedToo = unread.remove(path);
    }
  }

  private void remove(String path) {
    boolean unused = values.keySet().removeIf(name -> isAtOrBelow(name, path));
    boolean unusedToo = unread.removeIf(name -> isAtOrBelow(name, path));
  }

  private void name(String path) {
    wanted.stream().filter(name -> isAtOrBelow(name, path)).forEach(unread::add);
  }

  private static boolean isAtOrBelow(String name, String path) {
    return path.isEmpty() || name.equals(path) || name.startsWith(path + ".");
  }

  /** Takes an expression to its end; its value, or null if this cannot tell. */
  private @Nullable String expression(boolean endsWithLine) {
    StringBuilder value = new StringBuilder();
    while (true) {
      String term = term();
      if (term == null || value.length() + term.length() > MAX_VALUE_CHARS) {
        skip(0, endsWithLine);
        return null;
      }
      value.append(term);
      if (!tokens.peek().isSign("+")) {
        break;
      }
      Token unused = tokens.take();
    }
    if (endsHere(endsWithLine)) {
      return value.toString();
    }
    skip(0, endsWithLine);
    return null;
  }

  /** Takes a term if it is one that has a value. */
  private @Nullable String term() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING -> tokens.take().text();
      case TEMPLATE -> template(tokens.take().text());
      case NAME -> variable(tokens.take().text());
      default -> null;
    };
  }

  private @Nullable String variable(String name) {
    String fixed = fixedVariables.get(name);
    return fixed != null ? fixed : variables.get(name);
  }

  /** Names of variables may stand in it. */
  private @Nullable String template(String written) {
    StringBuilder text = new StringBuilder();
    int position = 0;
    while (true) {
      int start = written.indexOf("${", position);
      if (start < 0) {
        text.append(written, position, written.length());
        return text.indexOf("\\") >= 0 ? null : text.toString();
      }
      int end = written.indexOf('}', start);
      String value = end < 0 ? null : variable(written.substring(start + 2, end).strip());
      if (value == null || text.length() > MAX_VALUE_CHARS) {
        return null;
      }
      text.append(written, position, start).append(value);
      position = end + 1;
    }
  }

  private boolean endsHere(boolean endsWithLine) {
    Token token = tokens.peek();
    return token.kind() == Kind.END
        || token.isSign(",")
        || token.isSign(";")
        || isClosing(token)
        || (endsWithLine && token.afterNewline() && token.kind() == Kind.NAME);
  }

  /**
   * Leaves out what follows, until something ends that is not opened in it.
   *
   * @param opened how many brackets are open already
   * @param endsWithLine whether a line that begins with a name ends it
   */
  private void skip(int opened, boolean endsWithLine) {
    int open = opened;
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.END || (open == 0 && endsHere(endsWithLine))) {
        return;
      }
      Token unused = tokens.take();
      if (isOpening(token)) {
        open++;
      } else if (isClosing(token)) {
        open--;
      }
    }
  }

  private static boolean isOpening(Token token) {
    return token.isSign("(") || token.isSign("[") || token.isSign("{");
  }

  private static boolean isClosing(Token token) {
    return token.isSign(")") || token.isSign("]") || token.isSign("}");
  }
}
