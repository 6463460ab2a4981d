/* SPDX-License-Identifier: Apache-2.0 */
/** RTCP, and what a receiver does about losses. */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.rtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
