/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Xvfb;

/**
 * Chromium with a page that takes part in a meeting by lib-jitsi-meet, of an installation of Jitsi
 * Meet. The page is this project's, and uses nothing but that library's public API.
 */
final class Browser implements Closeable {
  private static final Path DEBIAN_HOME = Path.of("/usr/share/jitsi-meet");
  private static final String LIBRARY = "libs/lib-jitsi-meet.min.js";
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/google-chrome"));
  private static final Pattern TOLD = Pattern.compile(".*\"page (\\w+)(.*) ([0-9.]+)\", source.*");

  private final Spoken process;
  private final double startMillis;

  private Browser(Spoken process, double startMillis) {
    this.process = process;
    this.startMillis = startMillis;
  }

  /** Returns what is missing, for people, or null if all is there. */
  static @Nullable String missing() {
    if (program() == null) {
      return "Chromium is not installed";
    }
    return home() == null
        ? "there is no " + LIBRARY + " at JITSI_MEET_HOME or " + DEBIAN_HOME
        : null;
  }

  private static @Nullable Path program() {
    return PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
  }

  private static @Nullable Path home() {
    return ChildProcess.home("jitsi.meet.home", "JITSI_MEET_HOME", DEBIAN_HOME, LIBRARY);
  }

  /** Has a deployment serve the page. */
  static void serve(Deployment deployment) throws IOException {
    Path home = home();
    if (home == null) {
      throw new FileNotFoundException(LIBRARY);
    }
    Path pages = deployment.pages();
    for (String name : new String[] {"page.html", "page.js"}) {
      try (InputStream in = Browser.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new FileNotFoundException(name);
        }
        long unused = Files.copy(in, pages.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path unused =
        Files.copy(
            home.resolve(LIBRARY),
            pages.resolve("lib-jitsi-meet.min.js"),
            StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Starts one, whose page joins a room.
   *
   * @param name of its folder, whose caches are kept from one start to the next
   * @param devices {@code audio}, {@code video}, or both with a plus in between
   * @param display a display, or null for none
   * @param madeUp whether camera and microphone are made up; otherwise they are the machine's
   */
  static Browser start(
      Deployment deployment,
      String name,
      String room,
      String devices,
      @Nullable Xvfb display,
      boolean madeUp,
      Map<String, String> environment)
      throws IOException {
    Path folder = deployment.folder().resolve(name);
    List<String> command = new ArrayList<>();
    command.add(String.valueOf(program()));
    if (display == null) {
      command.add("--headless=new");
    }
    if (madeUp) {
      command.add("--use-fake-device-for-media-stream");
    }
    command.addAll(
        List.of(
            "--use-fake-ui-for-media-stream",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-features=WebRtcHideLocalIpsWithMdns",
            "--autoplay-policy=no-user-gesture-required",
            "--ignore-certificate-errors",
            "--no-first-run",
            "--user-data-dir=" + folder,
            "--enable-logging=stderr",
            "--v=0",
            deployment.front().meeting("page.html#" + room + "," + devices)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    if (display != null) {
      builder.environment().put("DISPLAY", display.display());
    }
    double start = Times.nowMillis();
    return new Browser(Spoken.start(builder), start);
  }

  /** Waits until the page tells something, and returns the seconds from its start to that. */
  double await(String what) throws IOException, InterruptedException {
    boolean told =
        Await.holdsWithin(
            Await.PATIENCE, () -> millis(what) > 0 || millis("failed") > 0 || !process.isAlive());
    double millis = millis(what);
    if (!told || millis <= 0) {
      throw new IOException("no " + what + ": " + process.lines());
    }
    return (millis - startMillis) / 1e3;
  }

  private double millis(String what) {
    for (Spoken.Line line : process.lines()) {
      Matcher told = TOLD.matcher(line.text());
      if (told.matches() && told.group(1).equals(what)) {
        return Double.parseDouble(told.group(3));
      }
    }
    return 0;
  }

  @Override
  public void close() {
    process.close();
  }
}
