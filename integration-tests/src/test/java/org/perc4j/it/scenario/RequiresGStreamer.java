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
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.it.harness.Skips;

/** Tests of what needs GStreamer with its base and good plugins; skipped where they are missing. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresGStreamer.Condition.class)
@interface RequiresGStreamer {
  /** Whether all elements are there. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        GStreamer.start()
            .require("vp8enc", "vp8dec", "opusenc", "opusdec", "audiomixer", "videotestsrc");
        return ConditionEvaluationResult.enabled("GStreamer is installed");
      } catch (MediaException e) {
        return Skips.because(
            String.valueOf(e.getMessage()), "Nobody joined with the client for people.");
      }
    }
  }
}
