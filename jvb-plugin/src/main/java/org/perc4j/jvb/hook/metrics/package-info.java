/* SPDX-License-Identifier: Apache-2.0 */
/** The plugin's counters among the bridge's metrics. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
