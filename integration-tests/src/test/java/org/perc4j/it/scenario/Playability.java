/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/**
 * Whether a receiver has what it takes to play what came of clips in layers. Decoders alone do not
 * tell: most of them take the wrong picture for a reference without a word.
 */
final class Playability {
  /** A frame as it was sent. */
  private record FrameId(long picture, int encoding, int spatialId) implements Comparable<FrameId> {
    @Override
    public int compareTo(FrameId other) {
      int byPicture = Long.compare(picture, other.picture);
      int byEncoding = byPicture != 0 ? byPicture : Integer.compare(encoding, other.encoding);
      return byEncoding != 0 ? byEncoding : Integer.compare(spatialId, other.spatialId);
    }
  }

  private final List<LayeredClip> encodings;
  private final Map<FrameId, Integer> sentPackets = new HashMap<>();
  private final Map<FrameId, Integer> packets = new HashMap<>();
  private final Map<FrameId, LayerFrame> frames = new TreeMap<>();

  /**
   * Looks at what came so far.
   *
   * @param encodings what the sender plays
   */
  Playability(Endpoint sender, ReceivedStream stream, List<LayeredClip> encodings) {
    this.encodings = List.copyOf(encodings);
    SentStream sent = Objects.requireNonNull(sender.sent(MediaKind.VIDEO));
    for (SentStream.Packet packet : sent.packets()) {
      Integer unused = sentPackets.merge(id(packet), 1, Integer::sum);
    }
    for (ReceivedStream.Arrival arrival : stream.arrivals()) {
      SentStream.Packet packet = arrival.payload().length == 0 ? null : sent.find(arrival);
      if (packet != null) {
        Integer unused = packets.merge(id(packet), 1, Integer::sum);
        frames.put(id(packet), Objects.requireNonNull(packet.frame()));
      }
    }
  }

  private static FrameId id(SentStream.Packet packet) {
    return new FrameId(
        packet.picture(), packet.encoding(), Objects.requireNonNull(packet.frame()).spatialId());
  }

  /**
   * Returns what is wrong with frames of which anything came: those that are not whole, and those
   * that refer to one that is not.
   */
  Set<String> flaws() {
    Set<String> flaws = new TreeSet<>();
    frames.forEach(
        (id, frame) -> {
          if (!isWhole(id)) {
            flaws.add("not whole: " + id + " " + frame);
          }
          for (int number : frame.references()) {
            FrameId referred = reference(id, frame, number);
            if (!isWhole(referred)) {
              flaws.add("lacks " + referred + ": " + id + " " + frame);
            }
          }
        });
    return flaws;
  }

  /**
   * Returns how much of what came is as it should be: of the frames that came, whole or not, and
   * those that they refer to, the share that came whole.
   */
  double intact() {
    return 1 - (double) lacking() / needed().size();
  }

  /** Returns how many frames that came, or that they refer to, did not come whole. */
  long lacking() {
    return needed().stream().filter(id -> !isWhole(id)).count();
  }

  private Set<FrameId> needed() {
    Set<FrameId> needed = new HashSet<>(frames.keySet());
    frames.forEach(
        (id, frame) -> {
          for (int number : frame.references()) {
            boolean unused = needed.add(reference(id, frame, number));
          }
        });
    return needed;
  }

  private FrameId reference(FrameId id, LayerFrame frame, int number) {
    LayerFrame reference = encodings.get(id.encoding()).frames().get(number);
    return new FrameId(
        id.picture() - frame.picture() + reference.picture(), id.encoding(), reference.spatialId());
  }

  private boolean isWhole(FrameId id) {
    Integer came = packets.get(id);
    return came != null && came.equals(sentPackets.get(id));
  }
}
