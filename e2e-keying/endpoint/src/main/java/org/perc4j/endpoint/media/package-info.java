/* SPDX-License-Identifier: Apache-2.0 */
/**
 * RTP payload formats of Opus and video: cutting frames into payloads, and putting them together.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.media;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
