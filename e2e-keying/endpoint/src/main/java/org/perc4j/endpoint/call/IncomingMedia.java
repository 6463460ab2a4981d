/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.PictureReader;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.rtp.RtpPacketView;

/** What becomes of the packets of others. On the thread of the media. */
final class IncomingMedia {
  private final CallListener listener;
  private final Map<Integer, PictureReader> readers = new HashMap<>();

  IncomingMedia(CallListener listener) {
    this.listener = listener;
  }

  /** A packet came, not in order. */
  void accepted(Source source, RtpPacketView packet) {
    VideoCodec codec = PayloadTypes.codec(packet.payloadType());
    if (codec == null) {
      return;
    }
    PictureReader reader = readers.get(source.ssrc());
    if (reader == null || reader.codec() != codec) {
      readers.put(
          source.ssrc(),
          new PictureReader(
              codec,
              PictureReader.Marker.OF_SENDER,
              (frames, isKey, timestamp) ->
                  listener.picture(source, codec, frames, isKey, timestamp)));
    }
  }

  /** The next packet of a stream, in order. */
  void ordered(Source source, int encoding, ReorderBuffer.Packet packet) throws IOException {
    PictureReader reader = readers.get(source.ssrc());
    if (source.kind() == MediaKind.AUDIO) {
      if (packet.payload().length > 0) {
        listener.sound(source, packet.payload(), packet.timestamp());
      }
    } else if (reader != null) {
      reader.add(source.encodings().get(encoding).ssrc(), packet);
    }
  }

  /** Whether nothing can be shown of a source before a key frame comes. */
  boolean needsKeyFrame(Source source) {
    PictureReader reader = readers.get(source.ssrc());
    return reader != null && reader.needsKeyFrame();
  }

  /** A source is not announced any more. */
  void gone(Source source) {
    Object unused = readers.remove(source.ssrc());
  }
}
