/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupTests;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.Replay;
import org.teavm.jso.JSExport;

/** What the tests' pages call. */
public final class InBrowser {
  private static @Nullable Replay replay;

  private InBrowser() {}

  /** Nothing happens until a page calls. */
  public static void main(String[] unused) {}

  /** Returns the names of operations that might be traps. */
  @JSExport
  public static String[] traps() {
    return Traps.names();
  }

  /** Returns what came of one. */
  @JSExport
  public static String trap(String name, int zero) {
    return Traps.outcome(name, zero);
  }

  /** Returns the names of the core's tests. */
  @JSExport
  public static String[] groupTests() {
    return GroupTests.names();
  }

  /** Returns what is wrong with one, or the empty text. */
  @JSExport
  public static String groupTest(String name) {
    return GroupTests.run(name);
  }

  /**
   * Makes the group of which all verdicts are.
   *
   * @param nowSeconds a whole number
   * @param root whose certificates are believed
   * @return its state
   */
  @JSExport
  public static String replay(double nowSeconds, byte[] root) throws RefusedException {
    Replay made = new Replay((long) nowSeconds, root);
    replay = made;
    return made.state();
  }

  /** Returns what comes of a message. */
  @JSExport
  public static String verdict(String kind, byte[] message) {
    if (replay == null) {
      throw new IllegalStateException("not yet");
    }
    return replay.verdict(kind, message);
  }

  /** Returns which code points may be in names. */
  @JSExport
  public static String names(int from, int to) {
    return Names.allowed(from, to);
  }
}
