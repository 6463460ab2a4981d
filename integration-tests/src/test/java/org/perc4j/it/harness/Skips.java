/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** Tests that cannot run here, which nobody is to overlook. */
public final class Skips {
  private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

  private Skips() {}

  /**
   * Skips a test, and says so loudly, once for each reason and consequence.
   *
   * @param why what is missing
   * @param consequence what was not tested; a sentence
   */
  public static ConditionEvaluationResult loudly(String why, String consequence) {
    String words = String.format("  SKIPPED: %s%n  %s", why, consequence);
    if (ANNOUNCED.add(words)) {
      String line = "*".repeat(80);
      System.err.printf("%n%s%n%s%n%s%n", line, words, line);
    }
    return ConditionEvaluationResult.disabled(why);
  }
}
