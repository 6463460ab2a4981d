/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Video frame marking (RFC 9626), by which a bridge learns where frames begin and end, where a
 * receiver can start and what can be dropped.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.header.framemarking;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
