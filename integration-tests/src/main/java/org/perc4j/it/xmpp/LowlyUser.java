/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/** Whom servers run as, where this process is root. */
final class LowlyUser {
  private LowlyUser() {}

  /**
   * Returns what a command begins with so that it does not run as root, and gives files to its
   * user; nothing, and does nothing, where this process is not root.
   *
   * @param preferred the user's name, if there is one
   * @param directory the server's own; and what is in it
   */
  static List<String> prefix(String preferred, Path directory, Path... files) throws IOException {
    if (!isRoot(directory)) {
      return List.of();
    }
    UserPrincipal user = user(directory.getFileSystem(), preferred);
    Path unused = Files.setOwner(directory, user);
    for (Path file : files) {
      Path unusedToo = Files.setOwner(file, user);
    }
    return List.of(
        "setpriv",
        "--reuid=" + user.getName(),
        "--clear-groups",
        "--regid=" + Files.getAttribute(directory, "unix:gid"),
        "--");
  }

  /** Root of a user namespace, which has no other users, is none. */
  private static boolean isRoot(Path own) throws IOException {
    return Files.getAttribute(own, "unix:uid").equals(0)
        && Files.readString(Path.of("/proc/self/uid_map")).strip().endsWith(" 4294967295");
  }

  private static UserPrincipal user(FileSystem system, String preferred) throws IOException {
    try {
      return system.getUserPrincipalLookupService().lookupPrincipalByName(preferred);
    } catch (UserPrincipalNotFoundException e) {
      return system.getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    }
  }
}
