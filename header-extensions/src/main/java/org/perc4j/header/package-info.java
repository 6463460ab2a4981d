/* SPDX-License-Identifier: Apache-2.0 */
/** Wire formats of RTP headers and of what double SRTP adds to a packet. */
@NullMarked
@CheckReturnValue
package org.perc4j.header;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
