/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Original Header Block (RFC 8723 section 4), by which a media distributor tells a receiver
 * which RTP header fields it changed.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.header.ohb;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
