/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.perc4j.client.media.Tally;
import org.perc4j.client.meeting.Attendance;
import org.perc4j.client.meeting.Printable;
import org.perc4j.client.meeting.Status;
import org.perc4j.endpoint.media.MediaKind;

/**
 * Lines for a person, and commands of theirs, each on a line: {@code m} and {@code v} turn
 * microphone and camera off and on, {@code s} tells who is there, {@code q} leaves, and an empty
 * line begins. {@link #say} may be called on any thread.
 */
public final class Terminal {
  private static final int MAX_COMMAND_CHARS = 200;
  private static final String LEAVE = "q";
  private static final String END = "\0end";

  private final PrintStream out;
  private final BlockingQueue<String> commands = new LinkedBlockingQueue<>(16);

  /** Reads commands from now on. */
  public Terminal(InputStream in, PrintStream out) {
    this.out = out;
    Thread reader =
        new Thread(
            () -> read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))),
            "terminal");
    reader.setDaemon(true);
    reader.start();
  }

  /** Says a line. */
  public void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private void read(Reader in) {
    StringBuilder line = new StringBuilder();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          commands.put(line.toString().strip());
          line.setLength(0);
        } else if (line.length() < MAX_COMMAND_CHARS) {
          line.append((char) next);
        }
      }
    } catch (IOException e) {
      // As if there was nobody; the meeting goes on.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Does what a person says until they leave, or the meeting is over.
   *
   * @param tally what was decoded
   * @param yes whether to begin without being told
   * @return whether the person left
   */
  public boolean attend(Attendance attendance, Tally tally, boolean yes)
      throws InterruptedException {
    Object unused =
        attendance
            .whoIsThereWasTold()
            .thenRun(
                () -> {
                  if (yes) {
                    attendance.begin();
                  } else if (attendance.waitsForBeginning()) {
                    say("Enter: let them hear and see you");
                  }
                });
    Object unusedEnd = attendance.over().thenRun(() -> commands.offer(END));
    while (true) {
      String command = commands.take();
      if (command.equals(END)) {
        return false;
      }
      if (command.equals(LEAVE)) {
        return true;
      }
      run(command, attendance, tally);
    }
  }

  /** Has {@link #attend} return, as if the person had said so. */
  public void leave() {
    boolean unused = commands.offer(LEAVE);
  }

  private void run(String command, Attendance attendance, Tally tally) {
    switch (command) {
      case "" -> attendance.begin();
      case "m" -> attendance.toggle(MediaKind.AUDIO);
      case "v" -> attendance.toggle(MediaKind.VIDEO);
      case "s" -> Status.lines(attendance, tally).forEach(this::say);
      default ->
          say(
              "commands: m (microphone), v (camera), s (who is there), q (leave), not "
                  + Printable.of(command));
    }
  }
}
