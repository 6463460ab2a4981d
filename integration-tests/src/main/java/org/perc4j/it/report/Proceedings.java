/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;

/**
 * What happened in a conference. Times are in seconds from its beginning.
 *
 * @param bridge what it was held on, for people
 * @param seconds how long it took
 * @param epochs in the order in which they came
 * @param bridgeKeys how many keys of the bridge are known
 * @param forwarded how many packets came to somebody
 * @param omissions what is not told here, and why; sentences
 */
public record Proceedings(
    String room,
    String bridge,
    Instant began,
    double seconds,
    List<Presence> presences,
    List<Epoch> epochs,
    List<Speech> speeches,
    List<Forwarding> forwardings,
    List<Passage> passages,
    List<Reading> readings,
    int bridgeKeys,
    long forwarded,
    List<String> omissions) {
  /** Into so many parts time is divided where parts are counted. */
  public static final int BUCKETS = 480;

  /** Copies the lists. */
  public Proceedings {
    presences = List.copyOf(presences);
    epochs = List.copyOf(epochs);
    speeches = List.copyOf(speeches);
    forwardings = List.copyOf(forwardings);
    passages = List.copyOf(passages);
    readings = List.copyOf(readings);
    omissions = List.copyOf(omissions);
  }

  /** A while. */
  public record Span(double from, double to) {}

  /**
   * When somebody was there.
   *
   * @param protection of its media, for people; null if it has none
   * @param member while it was a member of the group
   * @param connected while it was connected to the bridge
   */
  public record Presence(
      String id, @Nullable String protection, List<Span> member, List<Span> connected) {}

  /**
   * A code that members could read to each other.
   *
   * @param holders who had it
   */
  public record Code(List<String> emoji, List<String> words, String digits, List<String> holders) {}

  /**
   * A change of the group.
   *
   * @param at when the first member was in it
   * @param codes one, if all members had the same; none, if it was over before anybody could look
   */
  public record Epoch(double at, String name, List<String> members, List<Code> codes) {}

  /**
   * A packet of speech.
   *
   * @param levelMinusDbov as it was, 0 to 127
   * @param toldMinusDbov as the bridge was told, 0 to 127
   * @param encodedBytes length of the encoder's packet
   * @param sentBytes length of what was sent of it
   */
  public record Utterance(
      double at, int levelMinusDbov, int toldMinusDbov, int encodedBytes, int sentBytes) {}

  /** What somebody said. */
  public record Speech(String speaker, List<Utterance> utterances) {}

  /**
   * A layer of video.
   *
   * @param encoding of several of the same pictures, lowest first
   * @param spatialId {@link #WHOLE} if the pictures have no layers
   */
  public record Layer(int encoding, int spatialId, int temporalId) implements Comparable<Layer> {
    /** Instead of a spatial layer, where there are none. */
    public static final int WHOLE = -1;

    @Override
    public int compareTo(Layer other) {
      int byEncoding = Integer.compare(encoding, other.encoding);
      int bySpatialId = Integer.compare(spatialId, other.spatialId);
      return byEncoding != 0
          ? byEncoding
          : bySpatialId != 0 ? bySpatialId : Integer.compare(temporalId, other.temporalId);
    }
  }

  /**
   * Video that came to somebody.
   *
   * @param octets of each layer in each of {@link #BUCKETS} parts of the time
   */
  public record Forwarding(String sender, String receiver, Map<Layer, long[]> octets) {}

  /**
   * What became of the packets that the bridge sent to somebody.
   *
   * @param arrived packets, repaired ones among them
   * @param repaired packets that arrived only when they were asked for again
   * @param missing packets that never arrived
   */
  public record Passage(
      String sender, String receiver, MediaKind kind, long arrived, long repaired, long missing) {}

  /**
   * What the bridge had of a stream, as far as it was looked at.
   *
   * @param atMembers payloads of some packets, as members have them
   * @param atBridge payloads of the same packets, as the bridge has them
   * @param header what the bridge can read of the last packet, by what it is
   * @param tried packets that all keys of the bridge were tried on
   * @param opened how many of these the bridge could read, by its keys or as they were
   */
  public record Reading(
      String sender,
      MediaKind kind,
      List<byte[]> atMembers,
      List<byte[]> atBridge,
      Map<String, String> header,
      int tried,
      int opened,
      @Nullable Still still) {}

  /**
   * A picture that somebody saw.
   *
   * @param jpeg not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record Still(String viewer, byte[] jpeg) {}

  /** Returns on how many packets the bridge's keys were tried. */
  public int tried() {
    return readings.stream().mapToInt(Reading::tried).sum();
  }

  /** Returns how many of these the bridge could read. */
  public int opened() {
    return readings.stream().mapToInt(Reading::opened).sum();
  }

  /** Tells whether members of one epoch had different codes. */
  public boolean codesDiffer() {
    return epochs.stream().anyMatch(epoch -> epoch.codes().size() > 1);
  }
}
