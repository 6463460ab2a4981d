/* SPDX-License-Identifier: Apache-2.0 */
/** The Java agent: its entry point and its options. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
