/* SPDX-License-Identifier: Apache-2.0 */
/**
 * All media of one endpoint: what is sent and repaired, what comes and in which order, RTCP, and
 * what a receiver does about losses and jitter.
 *
 * <pre>
 *   engine    {@link org.perc4j.endpoint.rtp.MediaEngine}     one thread for everything
 *   order     {@link org.perc4j.endpoint.rtp.IncomingStream}  of packets, by the bridge's numbers
 *   pictures  {@link org.perc4j.endpoint.rtp.PictureReader}   of packets in order
 *   sound     {@link org.perc4j.endpoint.rtp.SoundBuffer}     of packets as they come, in time
 *   time      {@link org.perc4j.endpoint.rtp.MediaClock}      by the sender's clock
 * </pre>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.rtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
