/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Congestion control of one transport: what is said on the wire of packets and their arrival, and
 * how fast to send. No sockets, no threads, no clocks: times are handed in, in nanoseconds of a
 * monotonic clock such as {@link System#nanoTime}. Nothing here is thread-safe.
 *
 * <pre>
 *   sender    {@link org.perc4j.it.congestion.SendHistory}        numbers packets, matches feedback
 *   receiver  {@link org.perc4j.it.congestion.ArrivalRecorder}    takes arrivals down, makes feedback
 *   wire      {@link org.perc4j.it.congestion.TransportSequenceCodec}, {@link
 *             org.perc4j.it.congestion.TransportFeedbackCodec}
 * </pre>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.congestion;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
