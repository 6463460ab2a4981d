/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.awt.AWTException;
import java.awt.Robot;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;

/** A process that clicks on what is in the middle of a screen, and presses a key. */
final class Keystroke {
  private static final int X = 480;
  private static final int Y = 300;

  private Keystroke() {}

  /** Takes the code of the key, of {@link KeyEvent}. */
  public static void main(String[] arguments) throws AWTException {
    Robot robot = new Robot();
    robot.mouseMove(X, Y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
    robot.waitForIdle();
    int key = Integer.parseInt(arguments[0]);
    robot.keyPress(key);
    robot.keyRelease(key);
    robot.waitForIdle();
  }
}
