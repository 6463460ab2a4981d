/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.it.media.LayerFrame;

/**
 * A stream that is sent, with an account of it. On the endpoint's media thread only, apart from the
 * account.
 *
 * @param encoding index in the source
 * @param account of all the source's encodings
 */
record AccountedSender(StreamSender stream, int encoding, SentStream account) {
  /** Makes the next packet, not of a clip in layers; {@link StreamSender#next}. */
  byte[] next(byte[] payload, boolean marker, HeaderExtension extension) {
    return next(payload, marker, List.of(extension), -1, null);
  }

  /** Makes the next packet; {@link StreamSender#next}. */
  byte[] next(
      byte[] payload,
      boolean marker,
      List<HeaderExtension> extensions,
      long picture,
      @Nullable LayerFrame frame) {
    account.add(
        new SentStream.Packet(
            System.nanoTime(),
            encoding,
            stream.sequenceNumber(),
            Integer.toUnsignedLong(stream.timestamp()),
            picture,
            frame,
            payload));
    return stream.next(payload, marker, extensions);
  }
}
