/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.TimedOutException;

/** A browser that somebody else wrote, without a window. */
public final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-headless-shell", "google-chrome");

  /**
   * A page as it was shown.
   *
   * @param dom what became of it
   * @param complaints what the page's console had to say
   */
  public record Page(String dom, List<String> complaints) {}

  private final Path program;
  private final Path folder;

  /**
   * A browser.
   *
   * @param folder for its own files
   */
  public Chromium(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * Returns where it is installed, or null: where the system property {@code chromium} or the
   * environment says, else on the path.
   */
  public static @Nullable Path installed() {
    String told = System.getProperty("chromium", System.getenv().getOrDefault("CHROMIUM", ""));
    if (!told.isEmpty()) {
      Path program = Path.of(told);
      return Files.isExecutable(program) ? program : null;
    }
    for (String name : NAMES) {
      for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        Path program = Path.of(place, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /** Opens a page. */
  public Page open(Path page) throws IOException, InterruptedException {
    Path dom = folder.resolve("dom.html");
    List<String> log = run(dom, "--dump-dom", page.toUri().toString());
    return new Page(
        Files.readString(dom), log.stream().filter(line -> line.contains("CONSOLE")).toList());
  }

  /** Makes a picture of a page, as PNG. */
  public void picture(Path page, Path png, int width, int height)
      throws IOException, InterruptedException {
    List<String> unused =
        run(
            folder.resolve("out"),
            "--screenshot=" + png,
            "--hide-scrollbars",
            "--window-size=" + width + "," + height,
            page.toUri().toString());
  }

  private List<String> run(Path out, String... arguments) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--user-data-dir=" + folder.resolve("profile"),
            "--enable-logging=stderr",
            "--v=0",
            "--virtual-time-budget=5000"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimedOutException(String.join(" ", command));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      Process unused = process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          program + " returned " + process.exitValue() + ": " + Files.readString(log));
    }
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
  }
}
