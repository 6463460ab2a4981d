/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * One line of the log of whom an endpoint has met and what people said of them. Immutable.
 *
 * <pre>
 *   met TIME FINGERPRINT NAME        the name came with that key, and was not known
 *   accepted TIME FINGERPRINT NAME   the key is the name's
 *   verified TIME FINGERPRINT NAME   it is, and codes were compared
 *   forgotten TIME NAME              nothing is known of the name any more
 * </pre>
 *
 * <p>The time is UTC to the second, such as {@code 2027-06-01T12:00:00Z}; the fingerprint has 64
 * lower-case hexadecimal digits; the name is the rest of the line.
 *
 * @param fingerprint empty if {@code FORGOTTEN}
 * @param at cut to the second
 */
public record Statement(Kind kind, String name, String fingerprint, Instant at) {
  /** The longest line in octets, with its end: the year may have ten digits. */
  public static final int MAX_LINE_BYTES = "forgotten".length() + 1 + 27 + 1 + 64 + 1 + 255 + 1;

  /** What is said. */
  public enum Kind {
    MET,
    ACCEPTED,
    VERIFIED,
    FORGOTTEN
  }

  /**
   * A statement.
   *
   * @throws IllegalArgumentException if the name or the fingerprint can't be one
   */
  public Statement {
    at = at.truncatedTo(ChronoUnit.SECONDS);
    var unused = CredentialText.NAME.encode(name);
    if (kind == Kind.FORGOTTEN
        ? !fingerprint.isEmpty()
        : !PinnedFingerprints.FINGERPRINT.matcher(fingerprint).matches()) {
      throw new IllegalArgumentException("not a fingerprint");
    }
  }

  /** Returns the line, without its end. */
  public String line() {
    String head = kind.name().toLowerCase(Locale.ROOT) + ' ' + at + ' ';
    return kind == Kind.FORGOTTEN ? head + name : head + fingerprint + ' ' + name;
  }

  /**
   * Reads a line.
   *
   * @param line without its end
   * @throws IOException if it is not exactly what {@link #line} returns; the message says why
   */
  public static Statement parse(String line) throws IOException {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3) {
      throw new IOException("is no statement");
    }
    Statement statement;
    try {
      Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
      Instant at = Instant.parse(parts[1]);
      int space = kind == Kind.FORGOTTEN ? 0 : parts[2].indexOf(' ');
      statement =
          kind == Kind.FORGOTTEN
              ? new Statement(kind, parts[2], "", at)
              : new Statement(
                  kind,
                  parts[2].substring(space + 1),
                  parts[2].substring(0, Math.max(space, 0)),
                  at);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IOException("is no statement: " + e.getMessage(), e);
    }
    if (!statement.line().equals(line)) {
      throw new IOException("is not as it is written");
    }
    return statement;
  }
}
