/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.embedded.EmbeddedBridge;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.Skips;

/** Hands an embedded bridge to tests that are to run on any bridge. */
final class EmbeddedBridgeExtension implements ExecutionCondition, ParameterResolver {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (LabNetwork.isAvailable()) {
      return ConditionEvaluationResult.enabled("there is a network to use");
    }
    return Skips.because(
        "there is no network namespace with " + LabNetwork.ADDRESS,
        "No conference was held on the embedded bridge.");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Bridge.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return new EmbeddedBridge();
  }
}
