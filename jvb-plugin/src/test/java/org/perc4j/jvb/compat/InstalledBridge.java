/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A Jitsi Videobridge on this machine.
 *
 * @param home its folder
 */
public record InstalledBridge(Path home) {
  private static final Path DEBIAN_PLACE = Path.of("/usr/share");
  private static final String DEBIAN_NAME = "jitsi-videobridge";
  private static final String JAR = "jitsi-videobridge.jar";

  /**
   * All of them, the one that tests use first: {@code JVB_HOME}, those in {@code JVB_HOMES}, the
   * Debian package's, and others beside that whose names begin alike. Skips the test where there is
   * none.
   */
  public static List<InstalledBridge> all() {
    Set<Path> homes = new LinkedHashSet<>();
    addTo(homes, System.getenv("JVB_HOME"));
    if (homes.isEmpty()) {
      homes.add(DEBIAN_PLACE.resolve(DEBIAN_NAME));
    }
    addTo(homes, System.getenv("JVB_HOMES"));
    try (DirectoryStream<Path> beside = Files.newDirectoryStream(DEBIAN_PLACE, DEBIAN_NAME + "*")) {
      beside.forEach(homes::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<InstalledBridge> installed =
        homes.stream()
            .filter(home -> Files.exists(home.resolve(JAR)))
            .map(InstalledBridge::new)
            .toList();
    if (installed.isEmpty()) {
      System.err.println("skipped: no Jitsi Videobridge is installed");
      Assumptions.abort("no Jitsi Videobridge is installed");
    }
    return installed;
  }

  private static void addTo(Set<Path> homes, String list) {
    if (list != null) {
      Stream.of(list.split(File.pathSeparator))
          .filter(home -> !home.isBlank())
          .map(Path::of)
          .forEach(homes::add);
    }
  }

  /** The one that tests use; skips the test where there is none. */
  static InstalledBridge require() {
    return all().get(0);
  }

  /** Finds its class files, and those of its libraries. */
  ClassLoader classes() {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
      urls.add(home.resolve(JAR).toUri().toURL());
      for (Path jar :
          libraries.filter(path -> path.toString().endsWith(".jar")).sorted().toList()) {
        urls.add(jar.toUri().toURL());
      }
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  @Override
  public String toString() {
    return home.toString();
  }
}
