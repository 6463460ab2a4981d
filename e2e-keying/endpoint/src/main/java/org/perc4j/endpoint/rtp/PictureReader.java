/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.PictureAssembly;
import org.perc4j.endpoint.media.VideoCodec;

/**
 * Makes pictures that can be decoded of a source's packets: complete ones only, and after a packet
 * that the bridge numbered and that did not come, none before the next key. Of several encodings
 * the one goes on that last had a key. Not thread-safe.
 *
 * <p>A picture is handed out when it is certain that no more of it comes: with its last packet if
 * that has a marker that means it, else with the first packet of the next one.
 */
public final class PictureReader {
  /** A picture of more octets is none. */
  public static final int MAX_PICTURE_BYTES = 8 << 20;

  private static final long UNKNOWN = -1;

  /** Whose the marker of RTP is, which is on the last packet of a picture. */
  public enum Marker {
    /**
     * The sender's own, as with two layers of SRTP (RFC 8723, section 5): nothing of the picture
     * follows. It is missing if the bridge left out the highest layer.
     */
    OF_SENDER,
    /** The bridge's, which may come early, if it goes up to a higher layer within a picture. */
    OF_BRIDGE
  }

  /** Takes pictures. */
  public interface Sink {
    /**
     * The next picture.
     *
     * @param layerFrames lowest first, not copied
     * @param isKey whether a receiver can begin with it
     * @param timestamp RTP time, 32 bits
     */
    void picture(List<byte[]> layerFrames, boolean isKey, long timestamp) throws IOException;
  }

  /** One encoding. */
  private static final class Track {
    final PictureAssembly assembly;
    long lastOrder = UNKNOWN;
    boolean inPicture;
    boolean marked;

    /** Whether the picture of this timestamp was ended by its marker. */
    boolean ended;

    boolean damaged;
    boolean needsKey = true;
    int timestamp;
    int octets;

    Track(PictureAssembly assembly) {
      this.assembly = assembly;
    }
  }

  private final VideoCodec codec;
  private final Sink sink;
  private boolean markerIsFinal;
  private final Map<Integer, Track> tracks = new HashMap<>();
  private @Nullable Track latest;
  private @Nullable Track current;

  /** A reader at the beginning of a source. */
  public PictureReader(VideoCodec codec, Marker marker, Sink sink) {
    this.codec = codec;
    this.markerIsFinal = marker == Marker.OF_SENDER;
    this.sink = sink;
  }

  /** Returns the codec. */
  public VideoCodec codec() {
    return codec;
  }

  /**
   * Takes the next packet of an encoding, in the bridge's order.
   *
   * @param ssrc of the encoding
   */
  public void add(int ssrc, ReorderBuffer.Packet packet) throws IOException {
    Track track = tracks.computeIfAbsent(ssrc, unused -> new Track(codec.assembly()));
    if (latest != null && latest != track) {
      completeIfMarked(latest);
    }
    latest = track;
    int timestamp = (int) packet.timestamp();
    boolean gap = track.lastOrder != UNKNOWN && packet.order() != track.lastOrder + 1;
    track.lastOrder = packet.order();
    boolean padding = packet.payload().length == 0;
    if (track.inPicture && timestamp != track.timestamp && !padding) {
      // The marker may be missing, as it is with a layer that the bridge left out.
      track.damaged |= gap && !track.marked;
      complete(track);
    }
    boolean isRest =
        timestamp == track.timestamp && (track.ended || (gap && track.inPicture)) && !padding;
    if (gap) {
      track.needsKey = true;
      track.inPicture = false;
    }
    if (padding) {
      return;
    }
    if (isRest && track.ended) {
      // A sender that goes on behind its marker: what was handed out was not all.
      markerIsFinal = false;
      track.needsKey = true;
    }
    if (!track.inPicture) {
      track.ended = false;
      track.assembly.reset();
      track.inPicture = true;
      track.marked = false;
      track.damaged = isRest;
      track.timestamp = timestamp;
      track.octets = 0;
    }
    append(track, packet.payload());
    track.marked |= packet.marker();
    if (markerIsFinal && packet.marker()) {
      complete(track);
      track.ended = true;
    }
  }

  private static void append(Track track, byte[] payload) {
    if (track.damaged) {
      return;
    }
    track.octets += payload.length;
    if (track.octets > MAX_PICTURE_BYTES || !track.assembly.add(payload)) {
      track.damaged = true;
      track.assembly.reset();
    }
  }

  private void completeIfMarked(Track track) throws IOException {
    if (track.inPicture && track.marked) {
      complete(track);
    }
  }

  private void complete(Track track) throws IOException {
    track.inPicture = false;
    List<byte[]> picture = track.damaged ? List.of() : track.assembly.finish();
    boolean isKey = codec.isKey(picture);
    if (picture.isEmpty()) {
      track.needsKey = true;
    } else if (isKey || (track == current && !track.needsKey)) {
      if (current != null && current != track) {
        current.needsKey = true;
      }
      current = track;
      track.needsKey = false;
      sink.picture(picture, isKey, Integer.toUnsignedLong(track.timestamp));
    }
  }

  /** Hands out nothing before the next key: its owner cannot decode what would come. */
  public void skipToKeyFrame() {
    if (current != null) {
      current.needsKey = true;
    }
  }

  /** Tells whether nothing can be decoded until a key frame comes. */
  public boolean needsKeyFrame() {
    return latest == null || latest != current || latest.needsKey;
  }

  /** Hands out the last picture, if it is complete. */
  public void finish() throws IOException {
    if (latest != null) {
      completeIfMarked(latest);
    }
  }
}
