/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The bridge's side of double SRTP (RFC 8723): outer layer, original header block, nothing of the
 * inner layer.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.srtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
