/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Small files that are the owner's alone: replaced as a whole, or not at all. Stateless. */
final class PrivateFile {
  /** What nobody else may do to a file with a secret. */
  static final Set<PosixFilePermission> SECRET =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** What nobody else may do to a file that is trusted. */
  static final Set<PosixFilePermission> TRUSTED =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private PrivateFile() {}

  /**
   * Writes a file in place of what was there, readable by its owner only where the file system
   * knows POSIX permissions. After a crash there is the old content or the new.
   */
  static void replace(Path path, byte[] content) throws IOException {
    write(
        path,
        content,
        temporary -> {
          var unused = Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /**
   * Writes a file that was not there, as {@link #replace} does; of several who do that at once, in
   * any number of processes, one succeeds.
   *
   * @throws FileAlreadyExistsException if there is one by now, which is left as it is
   * @throws IOException if it can't be written, or the file system has no hard links
   */
  static void create(Path path, byte[] content) throws IOException {
    write(
        path,
        content,
        temporary -> {
          try {
            var unused = Files.createLink(path, temporary);
          } catch (UnsupportedOperationException e) {
            throw new IOException("no hard links, which " + path + " would need", e);
          }
        });
  }

  /** Gives a file that is complete its name. */
  private interface Naming {
    void name(Path temporary) throws IOException;
  }

  private static void write(Path path, byte[] content, Naming naming) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(path + " is no file");
    }
    boolean posix = isPosix(path);
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Path temporary = Files.createTempFile(folder, ".perc4j-", ".tmp", attributes);
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer octets = ByteBuffer.wrap(content);
        while (octets.hasRemaining()) {
          var unused = out.write(octets);
        }
        out.force(true);
      }
      naming.name(temporary);
    } finally {
      var unused = Files.deleteIfExists(temporary);
    }
    if (posix) {
      // The name is part of the folder's content, which other systems do not let one open.
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  /**
   * Reads a file.
   *
   * @param maxBytes how long it may be
   * @param forbidden what nobody may be permitted to do
   */
  static byte[] read(Path path, int maxBytes, Set<PosixFilePermission> forbidden)
      throws IOException {
    requireNobodyElseMay(forbidden, path);
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new IOException(path + " is longer than " + maxBytes + " octets");
      }
      return content;
    }
  }

  /**
   * Refuses a file of which others may do what they must not, where the file system knows POSIX
   * permissions.
   */
  static void requireNobodyElseMay(Set<PosixFilePermission> forbidden, Path path)
      throws IOException {
    if (isPosix(path)) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      for (PosixFilePermission permission : forbidden) {
        if (permissions.contains(permission)) {
          throw new IOException(
              path
                  + " has permissions "
                  + PosixFilePermissions.toString(permissions)
                  + ": it should be its owner's alone (0600)");
        }
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
