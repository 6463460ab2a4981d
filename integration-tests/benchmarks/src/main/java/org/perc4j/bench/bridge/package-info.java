/* SPDX-License-Identifier: Apache-2.0 */
/** What double streams cost a Jitsi Videobridge, beside plain ones. */
@NullMarked
@CheckReturnValue
package org.perc4j.bench.bridge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
