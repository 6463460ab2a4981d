/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.xmpp.RequiresWebFront;

/**
 * Tests of whoever comes through the web server of a deployment, over its WebSocket. The tests of a
 * class share one {@link WebDeployment}, which is a parameter of the constructor. Skipped where a
 * part of it is not installed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresJitsi
@RequiresWebFront
@ExtendWith(WebDeploymentExtension.class)
@interface OnWebDeployment {}
