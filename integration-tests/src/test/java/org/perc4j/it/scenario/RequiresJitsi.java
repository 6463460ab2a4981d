/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.Skips;
import org.perc4j.it.jingle.JicofoProcess;
import org.perc4j.it.xmpp.ProsodyServer;

/**
 * Tests that need a whole Jitsi Meet backend, which they start themselves; skipped where a part of
 * it is not installed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresJitsi.Condition.class)
@interface RequiresJitsi {
  /** Whether everything is there. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String missing = null;
      if (!ProsodyServer.isInstalled()) {
        missing = "Prosody is not installed";
      } else if (JicofoProcess.home() == null) {
        missing = "Jicofo is not installed (JICOFO_HOME, -Djicofo.home)";
      } else if (JvbProcess.home() == null) {
        missing = "Jitsi Videobridge is not installed (JVB_HOME, -Djvb.home)";
      } else if (!LabNetwork.isAvailable()) {
        missing = "there is no network namespace with " + LabNetwork.ADDRESS;
      }
      return missing == null
          ? ConditionEvaluationResult.enabled("all parts are installed")
          : Skips.because(missing, "No Jitsi Meet backend was tested.");
    }
  }
}
