/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.perc4j.it.harness.ChildProcess;

/** The client's Debian package. */
public final class ClientPackage {
  private static final Path BUILT = Path.of("../e2e-keying/client/target");

  private ClientPackage() {}

  /** Tells whether there are the tools of Debian. */
  public static boolean isDebian() {
    return Files.isExecutable(Path.of("/usr/bin/dpkg-deb"));
  }

  /** Returns where it was built. */
  static Path file() throws IOException {
    try (Stream<Path> built = Files.list(BUILT)) {
      List<Path> packages = built.filter(path -> path.toString().endsWith(".deb")).toList();
      if (packages.size() != 1) {
        throw new IOException("not one package in " + BUILT + " but " + packages);
      }
      return packages.get(0);
    }
  }

  /**
   * Unpacks it into a folder that takes the place of the root.
   *
   * @return what people start
   */
  public static Path unpack(Path root) throws IOException, InterruptedException {
    ChildProcess.output(List.of("dpkg-deb", "-x", file().toString(), root.toString()));
    return root.resolve("usr/bin/perc4j");
  }
}
