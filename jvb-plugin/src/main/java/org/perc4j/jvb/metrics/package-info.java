/* SPDX-License-Identifier: Apache-2.0 */
/** Counters, and their way into the bridge's own metrics and debug pages. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
