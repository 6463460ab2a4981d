/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a name it has not met before, and from then on that name with that key only. Protects
 * against everybody but whoever interferes with the first conference: let people compare a {@link
 * VerificationCode} there.
 *
 * <p>Names and fingerprints are kept in a file, which is replaced as a whole whenever a name is
 * added, with permissions 0600 where the file system knows them:
 *
 * <pre>
 *   perc4j known identities 1
 *   FINGERPRINT NAME              one line each; the fingerprint has 64 hexadecimal digits
 * </pre>
 *
 * <p>An entry is removed, when somebody has a new key for a good reason, by editing the file while
 * no validator is open on it. Nothing is ever removed or replaced by this class: when there are
 * {@link #MAX_ENTRIES}, unknown names are refused.
 *
 * <p>Thread-safe. Several validators, in one process or in several, may share a file: none loses
 * what another wrote, since each reads the file again before it replaces it, under a lock (a file
 * next to it, whose name ends in {@code .lock}). But each sees what others added only when it is
 * opened and when it adds something itself. If two meet a new name at the same time with different
 * keys, the one that is written first stays. One validator for all conferences of a process is
 * better.
 */
public final class TrustOnFirstUse implements CredentialValidator {
  /** How many names are remembered. */
  public static final int MAX_ENTRIES = 100_000;

  private static final System.Logger LOGGER = System.getLogger(TrustOnFirstUse.class.getName());
  private static final String HEADER = "perc4j known identities 1";
  private static final int FINGERPRINT_LENGTH = 64;
  private static final int MAX_FILE_BYTES = HEADER.length() + 1 + MAX_ENTRIES * (64 + 1 + 255 + 1);

  /** File locks keep out other processes, but fail when taken twice in this one. */
  private static final Object SAVING = new Object();

  private final Path path;
  private final int maxEntries;
  private Map<String, String> fingerprints;
  private boolean unsaved;

  private TrustOnFirstUse(Path path, int maxEntries, Map<String, String> fingerprints) {
    this.path = path;
    this.maxEntries = maxEntries;
    this.fingerprints = fingerprints;
  }

  /**
   * Opens a store. If there is no such file, nobody is known yet; it is made when somebody is.
   *
   * @throws IOException if the file can't be read, others may write it, or it is not exactly what
   *     this class writes; the message says where
   */
  public static TrustOnFirstUse open(Path path) throws IOException {
    return open(path, MAX_ENTRIES);
  }

  static TrustOnFirstUse open(Path path, int maxEntries) throws IOException {
    return new TrustOnFirstUse(path, maxEntries, read(path));
  }

  @Override
  public synchronized void check(LeafCredential credential) throws RefusedException {
    @Nullable String known = fingerprints.get(credential.name());
    if (known == null) {
      if (fingerprints.size() >= maxEntries) {
        throw new RefusedException(
            RefusedException.Reason.CREDENTIAL,
            credential.name() + " is not known, and no more names can be remembered");
      }
    } else if (!known.equals(credential.fingerprint())) {
      throw new RefusedException(
          RefusedException.Reason.CREDENTIAL,
          credential.name()
              + " had the key "
              + known
              + " before and comes with "
              + credential.fingerprint());
    }
  }

  /**
   * Remembers the holder's key, if its name was not known. If it can't be written now, that is
   * logged, holds for this validator all the same, and is tried again with the next name and by
   * {@link #save}.
   */
  @Override
  public synchronized void adopted(LeafCredential credential) {
    if (fingerprints.containsKey(credential.name()) || fingerprints.size() >= maxEntries) {
      return;
    }
    fingerprints.put(credential.name(), credential.fingerprint());
    unsaved = true;
    try {
      save();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "could not save " + path, e);
    }
  }

  /**
   * Writes what could not be written before, if there is any.
   *
   * @throws IOException if it still can't be, or the file is corrupt by now, which is left alone
   */
  public synchronized void save() throws IOException {
    if (!unsaved) {
      return;
    }
    synchronized (SAVING) {
      Path lockPath = path.resolveSibling(path.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IOException(lockPath + " can't be locked");
        }
        Map<String, String> merged = read(path);
        fingerprints.forEach(
            (name, fingerprint) -> {
              if (merged.size() < MAX_ENTRIES) {
                merged.putIfAbsent(name, fingerprint);
              }
            });
        PrivateFile.replace(path, write(merged));
        fingerprints = merged;
        unsaved = false;
      }
    }
  }

  private static byte[] write(Map<String, String> fingerprints) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    fingerprints.forEach(
        (name, fingerprint) -> text.append(fingerprint).append(' ').append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> read(Path path) throws IOException {
    Map<String, String> fingerprints = new LinkedHashMap<>();
    if (Files.notExists(path)) {
      return fingerprints;
    }
    byte[] content = PrivateFile.read(path, MAX_FILE_BYTES, PrivateFile.TRUSTED);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw corrupt(path, "it is not UTF-8");
    }
    if (!text.startsWith(HEADER + "\n")) {
      throw corrupt(path, "its first line is not '" + HEADER + "'");
    }
    if (!text.endsWith("\n")) {
      throw corrupt(path, "its last line has no end");
    }
    int start = HEADER.length() + 1;
    for (int line = 2; start < text.length(); line++) {
      int end = text.indexOf('\n', start);
      addEntry(path, line, text.substring(start, end), fingerprints);
      start = end + 1;
    }
    return fingerprints;
  }

  private static void addEntry(Path path, int line, String entry, Map<String, String> fingerprints)
      throws IOException {
    if (entry.length() <= FINGERPRINT_LENGTH || entry.charAt(FINGERPRINT_LENGTH) != ' ') {
      throw corrupt(path, "line " + line + " is not a fingerprint and a name");
    }
    String fingerprint = entry.substring(0, FINGERPRINT_LENGTH);
    String name = entry.substring(FINGERPRINT_LENGTH + 1);
    if (!PinnedFingerprints.FINGERPRINT.matcher(fingerprint).matches()) {
      throw corrupt(path, "line " + line + " has no fingerprint");
    }
    try {
      var unused = CredentialText.NAME.encode(name);
    } catch (IllegalArgumentException e) {
      throw corrupt(path, "line " + line + ": " + e.getMessage());
    }
    if (fingerprints.size() == MAX_ENTRIES) {
      throw corrupt(path, "it has more than " + MAX_ENTRIES + " entries");
    }
    if (fingerprints.put(name, fingerprint) != null) {
      throw corrupt(path, "line " + line + " names " + name + " again");
    }
  }

  private static IOException corrupt(Path path, String detail) {
    return new IOException(path + " is not a list of known identities: " + detail);
  }
}
