/* SPDX-License-Identifier: Apache-2.0 */
/** Clips, payload formats and recordings, against decoders and packetizers of others. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.media;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
