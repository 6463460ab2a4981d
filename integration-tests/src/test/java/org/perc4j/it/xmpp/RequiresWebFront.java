/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.perc4j.it.harness.Skips;

/** Runs tests where Prosody and nginx are installed; elsewhere, skips them. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresWebFront.Condition.class)
public @interface RequiresWebFront {
  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (ProsodyServer.isInstalled() && WebFront.isInstalled()) {
        return ConditionEvaluationResult.enabled("Prosody and nginx are installed");
      }
      return Skips.because(
          ProsodyServer.isInstalled() ? "nginx is not installed" : "Prosody is not installed",
          "XMPP was not tested as deployments let browsers use it.");
    }
  }
}
