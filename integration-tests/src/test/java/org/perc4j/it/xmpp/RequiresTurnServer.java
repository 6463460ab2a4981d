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
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.Skips;

/** Runs tests where coturn is installed, and networks can be made; elsewhere, skips them. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresTurnServer.Condition.class)
public @interface RequiresTurnServer {
  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (!TurnServer.isInstalled()) {
        return Skips.because("coturn is not installed", "STUN and TURN were not tested.");
      }
      try {
        return LabNetwork.isAvailable() && LimitedLink.isAvailable()
            ? ConditionEvaluationResult.enabled("coturn is installed")
            : Skips.because("no networks can be made", "STUN and TURN were not tested.");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ConditionEvaluationResult.disabled("interrupted");
      }
    }
  }
}
