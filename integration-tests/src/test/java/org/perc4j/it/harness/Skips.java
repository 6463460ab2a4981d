/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** Skips tests that cannot run here, and prints why. */
public final class Skips {
  private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

  private Skips() {}

  /**
   * Skips a test, and prints so once for each reason and consequence.
   *
   * @param why what is missing, such as "Prosody is not installed"
   * @param consequence what was not tested; a sentence
   */
  public static ConditionEvaluationResult because(String why, String consequence) {
    String line = String.format("skipped: %s. %s", why, consequence);
    if (ANNOUNCED.add(line)) {
      System.err.println(line);
    }
    return ConditionEvaluationResult.disabled(why);
  }
}
