/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Wire formats of RTP headers and of what double SRTP adds to a packet.
 *
 * <p>This package holds what its subpackages share: the one checked exception for octets that came
 * from the network, and the reader of single bits. The formats themselves are in the subpackages.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.header;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
