/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.perc4j.it.deployment.WebDeployment;

/** What {@link OnWebDeployment} does. */
final class WebDeploymentExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(WebDeploymentExtension.class);

  /** The store of the class closes it after the last test. */
  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    context
        .getStore(NAMESPACE)
        .put(
            WebDeployment.class,
            WebDeployment.start(
                context.getRequiredTestClass().getSimpleName(), WebDeployment.Way.WEB_SOCKET));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == WebDeployment.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Objects.requireNonNull(
        context.getStore(NAMESPACE).get(WebDeployment.class, WebDeployment.class));
  }
}
