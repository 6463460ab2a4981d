/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.perc4j.e2e.mls.Statement;

/**
 * The file of a {@link TrustStore}: {@link Statement}s, to which others are appended.
 *
 * <pre>
 *   perc4j known identities 2 GENERATION
 *   STATEMENT                     one line each
 * </pre>
 *
 * <p>The generation is a random UUID, another one whenever the file is replaced as a whole: whoever
 * has read up to some place goes on there if the generation is the same, and reads all again if
 * not. Octets behind the last end of line are what a crash left of a statement, or another process
 * is just writing: they are not read, and whoever writes next cuts them off.
 *
 * <p>What changes the file is done under a lock, which other processes heed: a file next to it,
 * whose name ends in {@code .lock}. Between calls nothing is open. Not thread-safe, except that
 * {@link #exclusively} keeps out all others.
 *
 * <p>Files of the former format are read, as if each name had been met at {@link Instant#EPOCH}:
 *
 * <pre>
 *   perc4j known identities 1
 *   FINGERPRINT NAME              one line each; never half a line
 * </pre>
 */
final class TrustFile {
  /** How many keys a file may know. */
  static final int MAX_KEYS = 100_000;

  /** By how many lines a file may be longer than twice what is needed. */
  static final int SPARE_LINES = 100;

  private static final String FORMER = "perc4j known identities 1";
  private static final String CURRENT = "perc4j known identities 2 ";
  private static final Pattern HEADER =
      Pattern.compile(CURRENT + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n");
  private static final int HEADER_BYTES = CURRENT.length() + 36 + 1;
  private static final int MAX_LINES = 2 * 2 * MAX_KEYS + SPARE_LINES;
  private static final int MAX_FILE_BYTES = HEADER_BYTES + MAX_LINES * Statement.MAX_LINE_BYTES;
  private static final int FINGERPRINT_LENGTH = 64;

  /** File locks keep out other processes, but fail when taken twice in this one. */
  private static final Object WRITING = new Object();

  private final Path path;

  /** The first line of what was read, with its end; empty if that was of the former format. */
  private byte[] header = {};

  /** Where to read on, and to append. */
  private long position;

  private int lines;

  /** Whether there is nothing to append to. */
  private boolean unfit = true;

  /** Something to do with the file. */
  interface Action {
    void run() throws IOException;
  }

  /**
   * What was not read before.
   *
   * @param isAll whether it is all that the file says, and not what was added to it
   */
  record News(boolean isAll, List<Statement> statements) {}

  private static final News NOTHING = new News(false, List.of());

  /** A file that need not exist. */
  TrustFile(Path path) {
    this.path = path;
  }

  /** Does something while nobody else writes the file. */
  void exclusively(Action action) throws IOException {
    synchronized (WRITING) {
      Path lockPath = path.resolveSibling(path.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IOException(lockPath + " can't be locked");
        }
        action.run();
      }
    }
  }

  /**
   * Reads all.
   *
   * @throws IOException if it can't be read, others may write it, or it is not what this class
   *     writes, up to its last end of line; the message says where
   */
  List<Statement> read() throws IOException {
    header = new byte[0];
    position = 0;
    lines = 0;
    unfit = true;
    if (Files.notExists(path)) {
      return List.of();
    }
    byte[] content = PrivateFile.read(path, MAX_FILE_BYTES, PrivateFile.TRUSTED);
    if (startsWith(content, (FORMER + "\n").getBytes(StandardCharsets.US_ASCII))) {
      return readFormer(content);
    }
    int headerLength = Math.min(content.length, HEADER_BYTES);
    String first = new String(content, 0, headerLength, StandardCharsets.US_ASCII);
    if (!HEADER.matcher(first).matches()) {
      throw corrupt("its first line is neither '" + FORMER + "' nor '" + CURRENT + "' and a UUID");
    }
    List<Statement> statements =
        parse(Arrays.copyOfRange(content, HEADER_BYTES, content.length), HEADER_BYTES);
    header = Arrays.copyOf(content, HEADER_BYTES);
    unfit = false;
    return statements;
  }

  /**
   * Reads what was added since it was read or written last, or all, if it was replaced since. A
   * file that is gone, or shorter than it was, was damaged: nothing is read of it, and it is
   * replaced when it is written.
   *
   * @throws IOException as {@link #read}
   */
  News readNews() throws IOException {
    if (Files.notExists(path)) {
      unfit = true;
      return NOTHING;
    }
    if (header.length == 0) {
      return new News(true, read());
    }
    PrivateFile.requireNobodyElseMay(PrivateFile.TRUSTED, path);
    byte[] added;
    try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
      byte[] start = read(in, 0, Math.min(header.length, in.size()));
      if (!Arrays.equals(start, header)) {
        return new News(true, read());
      }
      if (unfit || in.size() < position) {
        unfit = true;
        return NOTHING;
      }
      added = read(in, position, in.size() - position);
    }
    return new News(false, parse(added, position));
  }

  private byte[] read(FileChannel in, long from, long length) throws IOException {
    if (from + length > MAX_FILE_BYTES) {
      throw new IOException(path + " is longer than " + MAX_FILE_BYTES + " octets");
    }
    ByteBuffer octets = ByteBuffer.allocate((int) length);
    while (octets.hasRemaining()) {
      if (in.read(octets, from + octets.position()) < 0) {
        throw new IOException(path + " became shorter while it was read");
      }
    }
    return octets.array();
  }

  /** Reads whole lines, which begin at a place in the file. */
  private List<Statement> parse(byte[] octets, long from) throws IOException {
    int end = octets.length;
    while (end > 0 && octets[end - 1] != '\n') {
      end--;
    }
    List<Statement> statements = new ArrayList<>();
    int read = lines;
    for (String line : splitLines(Arrays.copyOf(octets, end))) {
      read++;
      if (read > MAX_LINES) {
        throw corrupt("it has more than " + MAX_LINES + " lines");
      }
      try {
        statements.add(Statement.parse(line));
      } catch (IOException e) {
        throw corrupt("line " + (read + 1) + ' ' + e.getMessage());
      }
    }
    lines = read;
    position = from + end;
    return statements;
  }

  private List<Statement> readFormer(byte[] content) throws IOException {
    if (content[content.length - 1] != '\n') {
      throw corrupt("its last line has no end");
    }
    List<Statement> statements = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> all = splitLines(content);
    for (int i = 1; i < all.size(); i++) {
      String line = all.get(i);
      if (line.length() <= FINGERPRINT_LENGTH || line.charAt(FINGERPRINT_LENGTH) != ' ') {
        throw corrupt("line " + (i + 1) + " is not a fingerprint and a name");
      }
      String name = line.substring(FINGERPRINT_LENGTH + 1);
      String fingerprint = line.substring(0, FINGERPRINT_LENGTH);
      try {
        statements.add(new Statement(Statement.Kind.MET, name, fingerprint, Instant.EPOCH));
      } catch (IllegalArgumentException e) {
        throw corrupt("line " + (i + 1) + ": " + e.getMessage());
      }
      if (!names.add(name)) {
        throw corrupt("line " + (i + 1) + " names " + name + " again");
      }
    }
    return statements;
  }

  /** The lines of octets that are empty or end with an end of line, without their ends. */
  private List<String> splitLines(byte[] octets) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      throw corrupt("it is not UTF-8");
    }
    List<String> all = new ArrayList<>();
    int end;
    for (int start = 0; start < text.length(); start = end + 1) {
      end = text.indexOf('\n', start);
      all.add(text.substring(start, end));
    }
    return all;
  }

  /**
   * Whether to replace the file rather than to append to it: if there is none to append to, or it
   * would have more than twice as many lines as it needs.
   *
   * @param added how many lines there are to append
   * @param needed how many it would have if it was replaced
   */
  boolean isToReplace(int added, int needed) {
    return unfit || lines + added > 2 * needed + SPARE_LINES;
  }

  /** Writes statements behind those that were read; after a crash, all, some or none are there. */
  void append(List<Statement> statements) throws IOException {
    byte[] octets = octets(statements);
    try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
      out.truncate(position); // what a crash left of a line
      ByteBuffer left = ByteBuffer.wrap(octets);
      while (left.hasRemaining()) {
        var unused = out.write(left, position + left.position());
      }
      out.force(false);
    }
    position += octets.length;
    lines += statements.size();
  }

  /** Writes statements in place of all that was there; after a crash, either are there. */
  void replace(List<Statement> statements) throws IOException {
    byte[] first = (CURRENT + UUID.randomUUID() + '\n').getBytes(StandardCharsets.US_ASCII);
    byte[] octets = octets(statements);
    byte[] content = Arrays.copyOf(first, first.length + octets.length);
    System.arraycopy(octets, 0, content, first.length, octets.length);
    PrivateFile.replace(path, content);
    header = first;
    unfit = false;
    position = content.length;
    lines = statements.size();
  }

  private static byte[] octets(List<Statement> statements) {
    StringBuilder text = new StringBuilder();
    for (Statement statement : statements) {
      text.append(statement.line()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean startsWith(byte[] octets, byte[] start) {
    return octets.length >= start.length
        && Arrays.equals(octets, 0, start.length, start, 0, start.length);
  }

  private IOException corrupt(String detail) {
    return new IOException(path + " is not a list of known identities: " + detail);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
