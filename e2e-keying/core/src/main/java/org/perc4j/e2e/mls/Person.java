/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Acquaintance.Standing;

/**
 * The keys that are known of one name, in the order in which they came. Immutable.
 *
 * @param keys none if nothing is known
 */
public record Person(List<KnownKey> keys) {
  /** Somebody of whom nothing is known. */
  public static final Person UNKNOWN = new Person(List.of());

  /** Copies the list. */
  public Person {
    keys = List.copyOf(keys);
  }

  public @Nullable KnownKey key(String fingerprint) {
    for (KnownKey key : keys) {
      if (key.fingerprint().equals(fingerprint)) {
        return key;
      }
    }
    return null;
  }

  /** Returns what a statement about the name makes of this: this itself, if nothing. */
  public Person after(Statement statement) {
    @Nullable KnownKey key = key(statement.fingerprint());
    return switch (statement.kind()) {
      case MET -> keys.isEmpty() ? with(statement, false, null) : this;
      case ACCEPTED -> key != null && key.accepted() ? this : with(statement, true, null);
      case VERIFIED ->
          key != null && key.verified() != null ? this : with(statement, true, statement.at());
      case FORGOTTEN -> keys.isEmpty() ? this : UNKNOWN;
    };
  }

  /** This with the statement's key, which keeps what was known of it, if it was there. */
  private Person with(Statement statement, boolean accepted, @Nullable Instant verified) {
    List<KnownKey> changed = new ArrayList<>(keys);
    @Nullable KnownKey before = key(statement.fingerprint());
    if (before == null) {
      changed.add(
          new KnownKey(
              statement.name(), statement.fingerprint(), statement.at(), accepted, verified));
    } else {
      changed.set(
          keys.indexOf(before),
          new KnownKey(
              before.name(),
              before.fingerprint(),
              before.since(),
              accepted,
              verified != null ? verified : before.verified()));
    }
    return new Person(changed);
  }

  /** Returns what leads from nobody to this. */
  public List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    for (KnownKey key : keys) {
      Statement.Kind kind = key.accepted() ? Statement.Kind.ACCEPTED : Statement.Kind.MET;
      statements.add(new Statement(kind, key.name(), key.fingerprint(), key.since()));
      if (key.verified() != null) {
        statements.add(
            new Statement(Statement.Kind.VERIFIED, key.name(), key.fingerprint(), key.verified()));
      }
    }
    return statements;
  }

  /** Returns how many {@link #statements} there are. */
  public int lines() {
    int lines = keys.size();
    for (KnownKey key : keys) {
      lines += key.verified() == null ? 0 : 1;
    }
    return lines;
  }

  /** Returns what is known of somebody of this name who comes with that key. */
  public Acquaintance acquaintance(String fingerprint, Instant now) {
    if (keys.isEmpty()) {
      return new Acquaintance(Standing.FIRST_MET, null, null);
    }
    @Nullable KnownKey key = key(fingerprint);
    if (key == null) {
      return new Acquaintance(Standing.CHANGED, firstMet(), lastVerified());
    }
    boolean isNew = !key.accepted() && key.since().isAfter(now.minus(Acquaintance.NEW_FOR));
    Standing standing =
        key.verified() != null ? Standing.VERIFIED : isNew ? Standing.FIRST_MET : Standing.KNOWN;
    return new Acquaintance(standing, key.since(), key.verified());
  }

  private Instant firstMet() {
    Instant first = Instant.MAX;
    for (KnownKey key : keys) {
      first = key.since().isBefore(first) ? key.since() : first;
    }
    return first;
  }

  private @Nullable Instant lastVerified() {
    @Nullable Instant last = null;
    for (KnownKey key : keys) {
      @Nullable Instant verified = key.verified();
      if (verified != null && (last == null || verified.isAfter(last))) {
        last = verified;
      }
    }
    return last;
  }
}
