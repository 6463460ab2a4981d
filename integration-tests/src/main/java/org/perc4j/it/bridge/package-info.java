/* SPDX-License-Identifier: Apache-2.0 */
/** A Jitsi Videobridge, run as a child process, and rooms on it. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.bridge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
