/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of how a meeting's servers are found. */
@NullMarked
package org.perc4j.endpoint.deployment;

import org.jspecify.annotations.NullMarked;
