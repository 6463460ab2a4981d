/* SPDX-License-Identifier: Apache-2.0 */
/**
 * RTP packets (RFC 3550) and their header extension block (RFC 8285), read and changed in place.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.header.rtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
