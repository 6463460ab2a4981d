/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From the URL of a meeting, as people send it to each other, to the servers that it is held on.
 *
 * <pre>
 *   {@link org.perc4j.endpoint.deployment.MeetingUrl}               what the URL says
 *   {@link org.perc4j.endpoint.deployment.DeploymentConfiguration}  what the deployment's config.js says
 *   {@link org.perc4j.endpoint.deployment.JitsiDeployment}          finds out, and leads there
 * </pre>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.deployment;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
