/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.perc4j.it.harness.Skips;
import org.perc4j.it.harness.Xvfb;

/**
 * Tests of windows, on a display in memory; skipped where there is none, or Java has no windows.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresXvfb.Condition.class)
@interface RequiresXvfb {
  /** Whether both are there. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (!Xvfb.isInstalled()) {
        return Skips.because("Xvfb is not installed", "The client's window was not tested.");
      }
      if (!Files.exists(Path.of(System.getProperty("java.home"), "lib", "libawt_xawt.so"))) {
        return Skips.because("this Java has no windows", "The client's window was not tested.");
      }
      return ConditionEvaluationResult.enabled("there is a display");
    }
  }
}
