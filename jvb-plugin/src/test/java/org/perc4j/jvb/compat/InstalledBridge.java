/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The jars of a Jitsi Videobridge on this machine, if there is one. */
final class InstalledBridge {
  private InstalledBridge() {}

  /** A loader of the bridge's classes; skips the test, aloud, where no bridge is installed. */
  static ClassLoader requireClasses() {
    String configured = System.getenv("JVB_HOME");
    Path home = Path.of(configured != null ? configured : "/usr/share/jitsi-videobridge");
    if (!Files.exists(home.resolve("jitsi-videobridge.jar"))) {
      System.err.println(
          "SKIPPED, no Jitsi Videobridge at " + home + ": nothing was compared with the real one");
      Assumptions.abort("no Jitsi Videobridge at " + home);
    }
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
      urls.add(home.resolve("jitsi-videobridge.jar").toUri().toURL());
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
}
