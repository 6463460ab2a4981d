/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Numbers of 16 bits from headers as they go on beyond their end, which RFC 3711 calls indices, and
 * which of the latest there were.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.header.index;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
