/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.Skips;

/** What {@link RequiresJvb} does. */
final class JvbExtension implements ExecutionCondition, ParameterResolver {
  private static final String UNTESTED = "No Jitsi Videobridge was tested.";
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(JvbExtension.class);

  /** The store closes it after the last test of this Java machine, whose classes share it. */
  private record Running(JvbProcess jvb) implements AutoCloseable {
    @Override
    public void close() {
      jvb.close();
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!isWanted(context)) {
      return ConditionEvaluationResult.enabled("runs on another bridge");
    }
    if (JvbProcess.home() == null) {
      return Skips.because("Jitsi Videobridge is not installed (JVB_HOME, -Djvb.home)", UNTESTED);
    }
    if (!LabNetwork.isAvailable()) {
      return Skips.because("there is no network namespace with " + LabNetwork.ADDRESS, UNTESTED);
    }
    return ConditionEvaluationResult.enabled("a bridge is installed");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return isWanted(context)
        && parameter.getParameter().getType().isAssignableFrom(JvbProcess.class);
  }

  /** A class that runs the tests of an annotated one on another bridge inherits this extension. */
  private static boolean isWanted(ExtensionContext context) {
    return context
        .getTestClass()
        .map(type -> type.getAnnotation(RequiresJvb.class) != null)
        .orElse(false);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    RequiresJvb wanted = context.getRequiredTestClass().getAnnotation(RequiresJvb.class);
    if (wanted == null) {
      throw new IllegalStateException("@RequiresJvb is missing");
    }
    String name = (wanted.plugin() ? "plugin-" : "stock-") + wanted.instance();
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .getOrComputeIfAbsent(name, unused -> new Running(start(wanted, name)), Running.class)
        .jvb();
  }

  private static JvbProcess start(RequiresJvb wanted, String name) {
    try {
      return JvbProcess.start(
          output().resolve(name), wanted.plugin() ? pluginJar() : null, wanted.configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Path pluginJar() {
    return JvbProcess.pluginJar();
  }

  /** Where bridges and endpoints write their files. */
  static Path output() {
    return Path.of(System.getProperty("perc4j.output", "target"), "scenarios");
  }
}
