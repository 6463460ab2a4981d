/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs tests where a browser is installed; elsewhere, skips them, and prints so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresBrowser.Condition.class)
@interface RequiresBrowser {
  /** Which one. */
  WebBrowser value();

  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    private static final Set<WebBrowser> ANNOUNCED = ConcurrentHashMap.newKeySet();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      RequiresBrowser required =
          context.getRequiredTestClass().getAnnotation(RequiresBrowser.class);
      if (required == null || required.value().installed() != null) {
        return ConditionEvaluationResult.enabled("installed");
      }
      if (ANNOUNCED.add(required.value())) {
        System.err.println(
            "skipped: " + required.value() + " is not installed. The core was not run in it.");
      }
      return ConditionEvaluationResult.disabled(required.value() + " is not installed");
    }
  }
}
