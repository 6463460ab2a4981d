/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs tests where limited links can be made; elsewhere, skips them. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresLinks.Condition.class)
public @interface RequiresLinks {
  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        if (LimitedLink.isAvailable()) {
          return ConditionEvaluationResult.enabled("links can be made");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Skips.because(
          "a network namespace, tc or /dev/net/tun is missing", "Limited links were not tested.");
    }
  }
}
