/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.perc4j.it.harness.Skips;

/**
 * Runs tests where speech can be made: with gcc, espeak-ng and Opus with their headers, and ffmpeg.
 * Elsewhere, skips them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresSpeech.Condition.class)
public @interface RequiresSpeech {
  /** What the annotation does. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String complaint;
      try {
        complaint = new Programs(output()).complaint();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      if (complaint == null) {
        return ConditionEvaluationResult.enabled("speech can be made");
      }
      return Skips.because(
          "speech cannot be made (gcc, espeak-ng, Opus and ffmpeg are needed): " + complaint,
          "No meeting was simulated.");
    }

    private static Path output() {
      return Path.of(System.getProperty("perc4j.output", "target"), "speech");
    }
  }
}
