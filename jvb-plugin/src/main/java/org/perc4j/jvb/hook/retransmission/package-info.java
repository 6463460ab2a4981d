/* SPDX-License-Identifier: Apache-2.0 */
/** Retransmissions, and probing by retransmissions. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.retransmission;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
