/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.perc4j.e2e.mls.Acquaintance;
import org.perc4j.e2e.mls.Acquaintances;
import org.perc4j.e2e.mls.KnownKey;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.People;
import org.perc4j.e2e.mls.Person;
import org.perc4j.e2e.mls.Statement;
import org.perc4j.e2e.mls.VerificationCode;

/**
 * Whom an endpoint has met, with which keys, and what people said about them; kept in a file.
 *
 * <p><b>Names and keys.</b> A name may have several keys, as each device of a person has one of its
 * own. The first that a name comes with is believed; another is {@link
 * Acquaintance.Standing#CHANGED}, whether it is a new device or somebody else, until somebody says
 * that it is the name's: by {@link #accept}, or by {@link #markVerified} after comparing a {@link
 * VerificationCode}. Both add a key, and leave the others good. Where a guest has taken a name,
 * {@link #forget} comes first, which gives it back to whoever comes next, or is accepted then.
 *
 * <p><b>The file</b> is a log of what was met and said, in UTF-8, with permissions 0600 where the
 * file system knows them:
 *
 * <pre>
 *   perc4j known identities 2 GENERATION
 *   met TIME FINGERPRINT NAME             one line each, with a time such as 2027-06-01T12:00:00Z
 *   accepted TIME FINGERPRINT NAME
 *   verified TIME FINGERPRINT NAME
 *   forgotten TIME NAME
 * </pre>
 *
 * <p>Lines are appended. When there are more than twice as many as are needed, and {@value
 * TrustFile#SPARE_LINES}, the file is replaced at once by those that are, with another generation,
 * a random UUID. A file of the former format, {@code perc4j known identities 1} and lines of
 * fingerprint and name, is read as well, and replaced when something is written. There may be
 * {@link #MAX_KEYS} keys; nothing is removed to make room for others.
 *
 * <p><b>Crashes.</b> What was written is on the disk: nothing is lost but what was not written yet.
 * Half a line at the end is what a crash left: it is not read, and the next that is written takes
 * its place. Any other line that is not one is an error, and the file is left alone. If the file is
 * gone, or became shorter, while a store is open, the store writes all that it knows.
 *
 * <p><b>Several processes</b>, or stores in one process, may share a file. Each reads what others
 * have written since, under a lock, before it writes; so if two meet a name at the same time with
 * different keys, the first that is written is the one that was met. What others write is known
 * when the store writes something itself, and by {@link #refresh}.
 *
 * <p><b>Threads.</b> Thread-safe. Only {@link #flush}, {@link #refresh} and {@link #close} read or
 * write on the caller's thread, or wait for who does. What is said holds at once, and is written by
 * the executor, one task at a time for all that waits. If it can't be written, that is logged, and
 * tried again with the next and by {@code flush}.
 */
public final class TrustStore implements Acquaintances, AutoCloseable {
  /** How many keys are remembered. */
  public static final int MAX_KEYS = TrustFile.MAX_KEYS;

  private static final System.Logger LOGGER = System.getLogger(TrustStore.class.getName());

  private final TrustFile file;
  private final Clock clock;
  private final Executor executor;
  private final int maxKeys;

  /** Held while reading or writing, and taken before {@link #lock}. */
  private final Object writing = new Object();

  /** Never held while reading or writing. */
  private final Object lock = new Object();

  // Guarded by lock; written changes only under both.
  private People written;
  private People current;
  private final List<Statement> unwritten = new ArrayList<>();
  private boolean scheduled;

  private TrustStore(TrustFile file, People written, Clock clock, Executor executor, int maxKeys) {
    this.file = file;
    this.written = written;
    this.current = new People(written);
    this.clock = clock;
    this.executor = executor;
    this.maxKeys = maxKeys;
  }

  /**
   * Opens a store that is written by threads of its own, which last as long as there is something
   * to write.
   *
   * @param path if there is no such file, nobody is known yet; it is made when somebody is
   * @throws IOException if the file can't be read, others may write it, or it is not what this
   *     class writes; the message says where
   */
  public static TrustStore open(Path path) throws IOException {
    return open(path, Clock.systemUTC(), task -> new Thread(task, "trust store").start());
  }

  /**
   * Opens a store.
   *
   * @param path as in {@link #open(Path)}
   * @param clock tells when somebody was met
   * @param executor runs what writes; need not keep to an order
   * @throws IOException as {@link #open(Path)}
   */
  public static TrustStore open(Path path, Clock clock, Executor executor) throws IOException {
    return open(path, clock, executor, MAX_KEYS);
  }

  static TrustStore open(Path path, Clock clock, Executor executor, int maxKeys)
      throws IOException {
    TrustFile file = new TrustFile(path);
    People people = new People();
    applyAll(people, file.read());
    requireBounded(people, file);
    return new TrustStore(file, people, clock, executor, maxKeys);
  }

  private static void requireBounded(People people, TrustFile file) throws IOException {
    if (people.keys() > MAX_KEYS) {
      throw new IOException(file + " has " + people.keys() + " keys, of at most " + MAX_KEYS);
    }
  }

  private static void applyAll(People people, List<Statement> statements) {
    for (Statement statement : statements) {
      var unused = people.apply(statement, Integer.MAX_VALUE);
    }
  }

  @Override
  public Acquaintance standing(LeafCredential credential) {
    Person person = person(credential.name());
    return person.acquaintance(credential.fingerprint(), clock.instant());
  }

  @Override
  public List<KnownKey> keys(String name) {
    return person(name).keys();
  }

  /** Returns all keys: those of one name together, names in the order in which they came. */
  public List<KnownKey> list() {
    List<Person> known;
    synchronized (lock) {
      known = current.known();
    }
    List<KnownKey> keys = new ArrayList<>();
    known.forEach(person -> keys.addAll(person.keys()));
    return keys;
  }

  private Person person(String name) {
    synchronized (lock) {
      return current.person(name);
    }
  }

  @Override
  public boolean isFull() {
    synchronized (lock) {
      return current.keys() >= maxKeys;
    }
  }

  @Override
  public void met(LeafCredential credential) {
    say(Statement.Kind.MET, credential.name(), credential.fingerprint());
  }

  /**
   * Remembers that a key is that of a name, beside those that it has. To have it instead of them,
   * {@link #forget} the name first.
   *
   * @param fingerprint as in {@link LeafCredential#fingerprint}
   * @return whether it is remembered; if not, there are {@link #MAX_KEYS}
   * @throws IllegalArgumentException if the name or the fingerprint can't be one
   */
  public boolean accept(String name, String fingerprint) {
    say(Statement.Kind.ACCEPTED, name, fingerprint);
    return person(name).key(fingerprint) != null;
  }

  /**
   * Remembers that people have compared codes for a key of a name, be it known or not.
   *
   * @param fingerprint as in {@link LeafCredential#fingerprint}
   * @return whether it is remembered; if not, there are {@link #MAX_KEYS}
   * @throws IllegalArgumentException if the name or the fingerprint can't be one
   */
  public boolean markVerified(String name, String fingerprint) {
    say(Statement.Kind.VERIFIED, name, fingerprint);
    return person(name).key(fingerprint) != null;
  }

  /**
   * Forgets a name with all of its keys: whoever comes by it next is met for the first time.
   *
   * @throws IllegalArgumentException if it can't be a name
   */
  public void forget(String name) {
    say(Statement.Kind.FORGOTTEN, name, "");
  }

  private void say(Statement.Kind kind, String name, String fingerprint) {
    Statement statement = new Statement(kind, name, fingerprint, clock.instant());
    synchronized (lock) {
      if (!current.apply(statement, maxKeys)) {
        return;
      }
      unwritten.add(statement);
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    try {
      executor.execute(this::writeScheduled);
    } catch (RejectedExecutionException e) {
      synchronized (lock) {
        scheduled = false;
      }
      LOGGER.log(System.Logger.Level.WARNING, "could not schedule writing " + file, e);
    }
  }

  private void writeScheduled() {
    synchronized (lock) {
      scheduled = false;
    }
    try {
      flush();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "could not write " + file, e);
    }
  }

  /**
   * Writes what is not written yet, and waits until it is on the disk, whoever writes it.
   *
   * @throws IOException if it can't be written, or the file is corrupt by now, which is left alone;
   *     what was said holds all the same
   */
  public void flush() throws IOException {
    synchronized (writing) {
      synchronized (lock) {
        if (unwritten.isEmpty()) {
          return;
        }
      }
      file.exclusively(this::readAndWrite);
    }
  }

  /**
   * Reads what others have written to the file, and writes what is not written yet.
   *
   * @throws IOException as {@link #flush}
   */
  public void refresh() throws IOException {
    synchronized (writing) {
      file.exclusively(this::readAndWrite);
    }
  }

  /** Does as {@link #flush}; nothing else is held that would have to be let go. */
  @Override
  public void close() throws IOException {
    flush();
  }

  private void readAndWrite() throws IOException {
    TrustFile.News news = file.readNews();
    People all = new People();
    if (news.isAll()) {
      applyAll(all, news.statements());
    }
    List<Statement> batch;
    List<Person> known = List.of();
    int taken;
    boolean replace;
    synchronized (lock) {
      if (news.isAll()) {
        written = all;
      } else {
        applyAll(written, news.statements());
      }
      batch = restate();
      taken = unwritten.size();
      requireBounded(written, file);
      replace = !batch.isEmpty() && file.isToReplace(batch.size(), current.lines());
      if (replace) {
        known = current.known();
      }
    }
    if (replace) {
      List<Statement> needed = new ArrayList<>();
      known.forEach(person -> needed.addAll(person.statements()));
      file.replace(needed);
    } else if (!batch.isEmpty()) {
      file.append(batch);
    }
    synchronized (lock) {
      applyAll(written, batch);
      unwritten.subList(0, taken).clear();
      var unused = restate();
    }
  }

  /**
   * Says all that is not written once more, after what is. Called with the lock.
   *
   * @return what of it says something new
   */
  private List<Statement> restate() {
    List<Statement> effective = new ArrayList<>();
    current = new People(written);
    for (Statement statement : unwritten) {
      if (current.apply(statement, maxKeys)) {
        effective.add(statement);
      }
    }
    return effective;
  }
}
