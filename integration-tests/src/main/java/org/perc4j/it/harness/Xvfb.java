/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;

/** A display in memory. */
public final class Xvfb implements AutoCloseable {
  private static final Path EXECUTABLE = Path.of("/usr/bin/Xvfb");

  private static final Path SOCKETS = Path.of("/tmp/.X11-unix");
  private static final int FIRST = 90;
  private static final int TRIES = 100;
  private static final String SIZE = "1024x768";

  private final ChildProcess process;
  private final String display;
  private final Path folder;

  private Xvfb(ChildProcess process, String display, Path folder) {
    this.process = process;
    this.display = display;
    this.folder = folder;
  }

  /** Tells whether it is installed. */
  public static boolean isInstalled() {
    return Files.isExecutable(EXECUTABLE);
  }

  /**
   * Starts one with a number that nobody has.
   *
   * @param folder for its log and for pictures of it
   */
  public static Xvfb start(Path folder) throws IOException, InterruptedException {
    int number = FIRST;
    while (Files.exists(SOCKETS.resolve("X" + number))
        || Files.exists(Path.of("/tmp/.X" + number + "-lock"))) {
      if (++number == FIRST + TRIES) {
        throw new IOException("no display is free");
      }
    }
    Path socket = SOCKETS.resolve("X" + number);
    String display = ":" + number;
    ChildProcess process =
        ChildProcess.start(
            "Xvfb",
            new ProcessBuilder(
                EXECUTABLE.toString(), display, "-screen", "0", SIZE + "x24", "-nolisten", "tcp"),
            folder.resolve("xvfb.log"),
            () -> Files.exists(socket));
    return new Xvfb(process, display, folder);
  }

  /** Returns what the environment's {@code DISPLAY} is to be. */
  public String display() {
    return display;
  }

  /** Returns which part of the screen has colours of a kind, 0 to 1; takes a picture of it. */
  public double share(IntPredicate isOfKind) {
    BufferedImage image = screenshot(folder.resolve("screen.png"));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    long count = 0;
    for (int pixel : pixels) {
      count += isOfKind.test(pixel) ? 1 : 0;
    }
    return (double) count / pixels.length;
  }

  /** Takes a picture of the screen, and leaves it in a file, as PNG. */
  public BufferedImage screenshot(Path file) {
    try {
      ChildProcess.output(
          List.of(
              "ffmpeg",
              "-v",
              "error",
              "-y",
              "-f",
              "x11grab",
              "-draw_mouse",
              "0",
              "-video_size",
              SIZE,
              "-i",
              display,
              "-frames:v",
              "1",
              file.toString()));
      return Objects.requireNonNull(ImageIO.read(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Presses a key, where there is a window in the middle.
   *
   * @param key of {@link java.awt.event.KeyEvent}
   */
  public void press(int key) throws IOException, InterruptedException {
    ChildProcess.output(
        List.of(
            "env",
            "DISPLAY=" + display,
            ChildProcess.javaBin().resolve("java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Keystroke.class.getName(),
            Integer.toString(key)));
  }

  @Override
  public void close() {
    process.close();
  }
}
