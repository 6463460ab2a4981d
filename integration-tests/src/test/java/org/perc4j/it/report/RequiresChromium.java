/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.perc4j.it.harness.Skips;

/** Runs tests where Chromium is installed; elsewhere, skips them. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresChromium.Condition.class)
public @interface RequiresChromium {
  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (Chromium.installed() != null) {
        return ConditionEvaluationResult.enabled("Chromium is installed");
      }
      return Skips.because(
          "Chromium is not installed (CHROMIUM, -Dchromium)", "No report was opened in a browser.");
    }
  }
}
