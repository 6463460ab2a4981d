/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.video.KeyFrameRequests.Need;

/**
 * Decides which packets of one source, with all its encodings, go to one receiver, by what header
 * extensions say ({@link Frame}), and gives them their numbers. SSRC, timestamp and payload stay as
 * they are; each encoding goes out on its own SSRC.
 *
 * <p>A frame is forwarded whole or not at all, and what was decided at its first packet holds for
 * those that come late. Changes for the better wait for a switching point; only frames that come in
 * order are taken for one. After a change of encoding no further frame of the former one is begun.
 * A stream without markings is forwarded whole. In one that ever had some, a packet without goes
 * the way of its frame's others, or else with the encoding that is forwarded; nothing begins there.
 *
 * <p>{@link #accept} is for one thread at a time; {@link #map} may be called by another one, for
 * packets that were accepted and then handed over. Allocates nothing per packet.
 *
 * <p>The bridge keeps the projections of sources that are long gone for as long as their receivers
 * stay; {@link #restIfUnused} clears them up.
 */
public final class SourceProjection {
  /** The target index of a source that is not to be forwarded. */
  public static final int SUSPENDED = -1;

  /** {@link #map} found no number. */
  public static final int UNMAPPED = SequenceProjection.UNMAPPED;

  /** In what {@link #map} returns: the packet is to be marked as its picture's last one. */
  public static final int LAST_OF_PICTURE = SequenceProjection.LAST_OF_PICTURE;

  /**
   * In what {@link #map} returns: the receiver takes other decode targets for active than those
   * that can be decoded from what it gets with this frame.
   */
  public static final int TARGETS_CHANGED = SequenceProjection.TARGETS_CHANGED;

  /** More encodings than any source has; later SSRCs are not forwarded. */
  private static final int MAX_ENCODINGS = 16;

  /** An index is an encoding's number times 64, plus a layer of it. */
  private static final int LAYER_BITS = 6;

  private static final int LAYER_MASK = (1 << LAYER_BITS) - 1;
  private static final int NO_ENCODING = -1;

  private final LongSupplier nanoClock;
  private final KeyFrameRequests requests = new KeyFrameRequests();
  private volatile EncodingProjection[] encodings = new EncodingProjection[0];

  private int target = SUSPENDED;
  private @Nullable EncodingProjection current;
  private int currentId = NO_ENCODING;
  private int currentLayer;
  private Need need = Need.NONE;
  private boolean keyFrameWanted;

  /** Whether packets came since {@link #restIfUnused}. */
  private boolean used;

  private long unusedSinceNanos;

  /**
   * A projection that forwards nothing yet.
   *
   * @param nanoClock the time, as {@link System#nanoTime}
   */
  public SourceProjection(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Whether to forward a packet.
   *
   * @param ssrc the packet's
   * @param encoding which encoding of the source that is, lowest first, from 0
   * @param sequenceNumber the packet's, 0 to 65535
   * @param timestamp the packet's, 32 bits
   * @param frame what its extensions say, as {@link Frame} packs it
   * @param layers the same of a packet with a dependency descriptor, else null
   * @param active the decode targets that its sender has active, as {@link ActiveTargets} packs
   *     them
   * @param targetIndex the layer that the bridge chose: the encoding's number times 64, plus a
   *     decode target, or plus the spatial layer times 8 plus the temporal layer; {@link
   *     #SUSPENDED} for none
   */
  public boolean accept(
      long ssrc,
      int encoding,
      int sequenceNumber,
      long timestamp,
      int frame,
      @Nullable LayerFrame layers,
      long active,
      int targetIndex) {
    used = true;
    keyFrameWanted = false;
    EncodingProjection stream = stream(ssrc);
    if (stream == null) {
      return false;
    }
    if (targetIndex != target) {
      target = targetIndex;
      requests.settled();
    }
    if (targetIndex == SUSPENDED) {
      current = null;
      currentId = NO_ENCODING;
    }
    long key = Frame.isUnsaid(frame) ? stream.frameAt(timestamp) : Frame.key(frame, timestamp);
    int decision = stream.decided.find(key);
    if (decision == RecentFrames.UNDECIDED) {
      decision = decide(stream, encoding, sequenceNumber, frame, layers, active);
      if (Frame.kind(frame) == Frame.KIND_MARKED || Frame.kind(frame) == Frame.KIND_DESCRIBED) {
        stream.decided.add(key, decision);
      }
    }
    return carryOut(decision, stream, sequenceNumber, timestamp, frame, layers, key);
  }

  private boolean carryOut(
      int decision,
      EncodingProjection stream,
      int sequenceNumber,
      long timestamp,
      int frame,
      @Nullable LayerFrame layers,
      long key) {
    if (RecentFrames.isForwarded(decision)) {
      return stream.forward(sequenceNumber, timestamp, frame, key, decision);
    }
    if (decision == RecentFrames.DROPPED) {
      stream.drop(
          sequenceNumber,
          timestamp,
          frame,
          key,
          stream != current,
          dropsRest(stream, frame, layers));
    } else {
      stream.miss(sequenceNumber);
    }
    return false;
  }

  private static boolean dropsRest(
      EncodingProjection stream, int frame, @Nullable LayerFrame layers) {
    if (Frame.isUnsaid(frame)) {
      return stream.restDropped();
    }
    return layers != null
        ? stream.described.dropsRestOf(layers)
        : Frame.kind(frame) == Frame.KIND_MARKED && stream.marked.dropsRestOf(frame);
  }

  private int decide(
      EncodingProjection stream,
      int encoding,
      int sequenceNumber,
      int frame,
      @Nullable LayerFrame layers,
      long active) {
    if (target == SUSPENDED) {
      return RecentFrames.DROPPED;
    }
    if (Frame.isUnsaid(frame) && stream == current) {
      // Parameter sets, say; or markings have ceased, and nothing else can be told apart.
      ask(currentId == target >> LAYER_BITS ? need : Need.NOW);
      return RecentFrames.FORWARDED;
    }
    if (Frame.kind(frame) == Frame.KIND_UNKNOWN
        || (Frame.kind(frame) == Frame.KIND_DESCRIBED && layers == null)) {
      ask(encoding == target >> LAYER_BITS ? Need.NOW : need);
      return RecentFrames.UNDECIDED;
    }
    if (stream.numbers.late(sequenceNumber)) {
      return late(stream, stream.numbers.index(sequenceNumber), frame, layers);
    }
    int decision =
        inOrder(stream, encoding, stream.numbers.index(sequenceNumber), frame, layers, active);
    ask(need);
    return decision;
  }

  /**
   * A late frame is forwarded if it belongs to what was forwarded at its time, and changes nothing.
   */
  private int late(EncodingProjection stream, long index, int frame, @Nullable LayerFrame layers) {
    if (stream != current) {
      return RecentFrames.DROPPED;
    }
    if (layers == null) {
      return decision(
          Frame.kind(frame) == Frame.UNMARKED || stream.marked.forwardedAt(frame, index),
          stream.marked.isTop(frame));
    }
    int then = stream.described.targetAt(layers, index);
    if (then == DescribedLayers.NO_TARGET) {
      return RecentFrames.DROPPED;
    }
    stream.described.forwardedLate(Frame.number(frame));
    return RecentFrames.forwarded(stream.described.isTop(layers), then, false);
  }

  private int inOrder(
      EncodingProjection stream,
      int encoding,
      long index,
      int frame,
      @Nullable LayerFrame layers,
      long active) {
    int targetEncoding = target >> LAYER_BITS;
    int layer;
    if (encoding == targetEncoding) {
      layer = target & LAYER_MASK;
    } else {
      layer = stream == current ? currentLayer : LAYER_MASK;
    }
    boolean forward;
    if (stream == current) {
      forward = inCurrent(stream, index, frame, layers, layer);
    } else {
      forward =
          leadsOn(encoding, targetEncoding) && startsHere(stream, index, frame, layers, layer);
      if (forward) {
        current = stream;
        currentId = encoding;
      }
    }
    if (stream == current) {
      currentLayer = layer;
    }
    judgeNeed(stream, encoding, frame, layers, targetEncoding);
    if (layers != null) {
      return forward
          ? RecentFrames.forwarded(
              stream.described.isTop(layers),
              stream.described.current(),
              stream.described.changesActive(active))
          : RecentFrames.DROPPED;
    }
    return decision(forward, stream.marked.isTop(frame));
  }

  private static boolean inCurrent(
      EncodingProjection stream, long index, int frame, @Nullable LayerFrame layers, int layer) {
    if (layers != null) {
      return stream.described.accept(layers, Frame.number(frame), index, layer);
    }
    return Frame.kind(frame) == Frame.UNMARKED || stream.marked.accept(frame, index, layer);
  }

  private static boolean startsHere(
      EncodingProjection stream, long index, int frame, @Nullable LayerFrame layers, int layer) {
    if (Frame.kind(frame) == Frame.UNMARKED) {
      return true;
    }
    if (!Frame.startsStream(frame)) {
      return false;
    }
    return layers != null
        ? stream.described.start(layers, Frame.number(frame), index, layer)
        : stream.marked.accept(frame, index, layer);
  }

  /** Whether an encoding is the target, or nearer to it than the one being forwarded. */
  private boolean leadsOn(int encoding, int targetEncoding) {
    if (currentId == NO_ENCODING) {
      return encoding <= targetEncoding;
    }
    return currentId < targetEncoding
        ? encoding > currentId && encoding <= targetEncoding
        : encoding < currentId && encoding >= targetEncoding;
  }

  private void judgeNeed(
      EncodingProjection stream,
      int encoding,
      int frame,
      @Nullable LayerFrame layers,
      int targetEncoding) {
    if (Frame.kind(frame) == Frame.UNMARKED) {
      // Nothing tells where such a stream can be received from: asked once, when it begins.
      need = stream == current && stream.withheld() ? Need.NOW : Need.NONE;
    } else if (currentId != targetEncoding) {
      need = Need.NOW;
    } else if (encoding == targetEncoding) {
      need = layers != null ? stream.described.need(target & LAYER_MASK) : stream.marked.need();
    }
  }

  private void ask(Need why) {
    if (why == Need.NONE) {
      requests.settled();
    } else {
      keyFrameWanted = requests.due(why, nanoClock.getAsLong());
    }
  }

  private static int decision(boolean forward, boolean lastOfPicture) {
    return forward ? RecentFrames.forwarded(lastOfPicture, 0, false) : RecentFrames.DROPPED;
  }

  /** Whether the packet that was accepted or refused last shows that a key frame is to be sent. */
  public boolean keyFrameWanted() {
    return keyFrameWanted;
  }

  /**
   * The receiver's number for a packet that was accepted, {@link #LAST_OF_PICTURE} if it is to be
   * marked, {@link #TARGETS_CHANGED} if the receiver is to be told, and for {@link #target}; or
   * {@link #UNMAPPED}.
   */
  public int map(long ssrc, int sequenceNumber) {
    EncodingProjection stream = find(ssrc);
    return stream == null ? UNMAPPED : stream.numbers.map(sequenceNumber);
  }

  /**
   * The decode target that a packet with a descriptor was forwarded for, by what {@link #map}
   * returned.
   */
  public static int target(int mapped) {
    return SequenceProjection.target(mapped);
  }

  /** Whether packets of an SSRC were ever seen. */
  public boolean knows(long ssrc) {
    return find(ssrc) != null;
  }

  /** The highest number sent under an SSRC; 0 if there is none. */
  public int highestSent(long ssrc) {
    EncodingProjection stream = find(ssrc);
    return stream == null ? 0 : stream.numbers.highestSent();
  }

  /**
   * Gives up what is remembered of single packets and frames if none came for long. When they come
   * again, their numbers follow those that were sent before, and they begin at a switching point.
   * (Encodings whose packets come and are not forwarded give it up by themselves.) Not while {@link
   * #accept} runs.
   *
   * @param quietNanos how long that is
   */
  public void restIfUnused(long quietNanos) {
    long now = nanoClock.getAsLong();
    if (used) {
      used = false;
      unusedSinceNanos = now;
    } else if (encodings.length > 0 && now - unusedSinceNanos >= quietNanos) {
      rest();
    }
  }

  private void rest() {
    for (EncodingProjection stream : encodings) {
      stream.rest();
    }
    current = null;
    currentId = NO_ENCODING;
    need = Need.NONE;
  }

  /** Whether it remembers nothing but where it stood. */
  boolean rests() {
    for (EncodingProjection stream : encodings) {
      if (!stream.rests()) {
        return false;
      }
    }
    return true;
  }

  private @Nullable EncodingProjection find(long ssrc) {
    for (EncodingProjection stream : encodings) {
      if (stream.ssrc == ssrc) {
        return stream;
      }
    }
    return null;
  }

  private @Nullable EncodingProjection stream(long ssrc) {
    EncodingProjection known = find(ssrc);
    EncodingProjection[] all = encodings;
    if (known != null) {
      return known;
    }
    if (all.length >= MAX_ENCODINGS) {
      return null;
    }
    EncodingProjection added = new EncodingProjection(ssrc);
    EncodingProjection[] grown = Arrays.copyOf(all, all.length + 1);
    grown[all.length] = added;
    encodings = grown;
    return added;
  }

  /** A line for the debug page. */
  @Override
  public String toString() {
    EncodingProjection stream = current;
    return stream == null
        ? "suspended"
        : "encoding "
            + currentId
            + ", marked "
            + stream.marked
            + ", described "
            + stream.described
            + ", waits for "
            + need;
  }
}
