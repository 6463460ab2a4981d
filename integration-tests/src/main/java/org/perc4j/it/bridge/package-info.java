/* SPDX-License-Identifier: Apache-2.0 */
/** A bridge as an endpoint sees it, and a Jitsi Videobridge run as a child process. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.bridge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
