/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs tests where Chromium is installed; elsewhere, skips them and says so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresChromium.Condition.class)
public @interface RequiresChromium {
  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    private static final AtomicBoolean ANNOUNCED = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (Chromium.installed() != null) {
        return ConditionEvaluationResult.enabled("Chromium is installed");
      }
      if (ANNOUNCED.compareAndSet(false, true)) {
        String line = "*".repeat(80);
        System.err.printf(
            "%n%s%n  SKIPPED: Chromium is not installed (CHROMIUM, -Dchromium)%n"
                + "  No report was opened in a browser.%n%s%n",
            line, line);
      }
      return ConditionEvaluationResult.disabled("Chromium is not installed");
    }
  }
}
