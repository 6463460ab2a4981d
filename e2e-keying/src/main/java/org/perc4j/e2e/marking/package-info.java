/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tells a bridge that cannot read payloads what it needs to choose temporal layers, spatial layers
 * and encodings: derives video frame marking (RFC 9626) from the payload of a packet that is yet to
 * be encrypted.
 *
 * <p>A sender keeps a {@link org.perc4j.e2e.marking.FrameMarker} for each SSRC and gives it each
 * packet before that is protected:
 *
 * <pre>{@code
 * FrameMarker marker = new Vp8Marker(3);
 * byte[] data = new byte[FrameMarkingCodec.MAX_LENGTH];
 * byte[] block = new byte[64];
 * ...
 * int marking = marker.mark(
 *     buffer, view.payloadOffset(), view.payloadLength(), view.marker(), view.timestamp());
 * writer.begin(block, 0, false);
 * writer.add(FRAME_MARKING_ID, data, 0, FrameMarkingCodec.write(marking, data, 0));
 * int length = writer.end();
 * HeaderExtensionWriter.insert(view, block, 0, length);
 * // then protect the packet
 * }</pre>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.marking;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
