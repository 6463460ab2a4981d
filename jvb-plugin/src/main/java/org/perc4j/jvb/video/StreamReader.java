/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jitsi.nlj.MediaSourceDesc;
import org.jitsi.nlj.RtpEncodingDesc;
import org.jitsi.nlj.RtpLayerDesc;
import org.jitsi.nlj.rtp.codec.av1.Av1DDRtpLayerDesc;
import org.jitsi.nlj.rtp.codec.vpx.VpxRtpLayerDesc;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.DecodeTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;

/**
 * What is known of one video SSRC from its header extensions: the structures of its dependency
 * descriptors, the layers that its frame markings named, and which of that the bridge was told.
 * Used by {@link FrameReader} only.
 */
final class StreamReader {
  /** Signalling always has one spatial layer of three temporal ones. */
  private static final int SIGNALLED_TEMPORAL_LAYERS = 3;

  private static final double FULL_FRAME_RATE = 30;
  private static final int DEFAULT_HEIGHT = 180;

  /** A sender cannot have the bridge compute its allocations more often than that. */
  static final long MIN_UPDATE_INTERVAL_NANOS = 50_000_000;

  private enum Told {
    NOTHING,
    MARKED,
    DESCRIBED
  }

  private final long ssrc;
  private final DependencyDescriptorReader descriptor = new DependencyDescriptorReader();
  private @Nullable DecodeTargets newest;
  private @Nullable DecodeTargets previous;
  private @Nullable LayerFrame layers;
  private long sentTargets;
  private int activeTargets;
  private int highestSpatial;
  private int highestTemporal;

  private boolean marked;

  private Told told = Told.NOTHING;
  private @Nullable RtpEncodingDesc toldEncoding;
  private @Nullable DecodeTargets toldTargets;
  private int toldActive;
  private int toldSpatial;
  private int toldTemporal;
  private int toldSequenceNumber;
  private long toldNanos;

  StreamReader(long ssrc) {
    this.ssrc = ssrc;
  }

  long ssrc() {
    return ssrc;
  }

  static @Nullable MediaSourceDesc source(long ssrc, MediaSourceDesc[] sources) {
    for (MediaSourceDesc source : sources) {
      if (source.findRtpEncodingDesc(ssrc) != null) {
        return source;
      }
    }
    return null;
  }

  /** A packet begins. */
  void clear() {
    layers = null;
    sentTargets = ActiveTargets.NONE;
  }

  /** The dependencies of the packet read last, if it had any. */
  @Nullable LayerFrame layers() {
    return layers;
  }

  /** Which decode targets are active as of the packet read last, if it had dependencies. */
  long sentTargets() {
    return sentTargets;
  }

  int readMarking(byte[] buffer, int offset, int length) throws MalformedPacketException {
    int frame = Frame.marked(FrameMarkingCodec.parse(buffer, offset, length));
    marked = true;
    highestSpatial = Math.max(highestSpatial, Frame.spatialId(frame));
    highestTemporal = Math.max(highestTemporal, Frame.temporalId(frame));
    return frame;
  }

  /**
   * The sources were signalled anew. If this stream's description is another object now, it has the
   * layers that signalling has, and is told of those that there are once more.
   */
  @SuppressWarnings("ReferenceEquality") // another description, even if it is equal
  void signalled(MediaSourceDesc[] sources) {
    MediaSourceDesc source = source(ssrc, sources);
    RtpEncodingDesc encoding = source == null ? null : source.findRtpEncodingDesc(ssrc);
    if (encoding != toldEncoding) {
      toldEncoding = encoding;
      told = Told.NOTHING;
    }
  }

  /** Whether extensions ever said anything of this stream's frames. */
  boolean wasMarked() {
    return marked || isDescribed();
  }

  /** Whether a structure came, so that a packet without a usable descriptor is an exception. */
  boolean isDescribed() {
    return newest != null;
  }

  /** Returns {@link Frame#UNMARKED} as long as no structure came. */
  int readDescriptor(byte[] buffer, int offset, int length) throws MalformedPacketException {
    boolean resolved = descriptor.read(buffer, offset, length);
    DependencyStructure structure = descriptor.structure();
    FrameDependencies dependencies = descriptor.dependencies();
    if (!resolved || structure == null || dependencies == null) {
      return isDescribed() ? Frame.unknown() : Frame.UNMARKED;
    }
    DecodeTargets targets = targets(structure);
    if (targets == newest) {
      activeTargets = descriptor.activeDecodeTargets();
    }
    LayerFrame frame = targets.frame(dependencies);
    layers = frame;
    sentTargets =
        ActiveTargets.sent(
            descriptor.activeDecodeTargets(),
            descriptor.structurePresent() || descriptor.activeDecodeTargetsPresent());
    return Frame.described(
        descriptor.startOfFrame(), descriptor.endOfFrame(), descriptor.frameNumber(), frame);
  }

  private DecodeTargets targets(DependencyStructure structure) {
    DecodeTargets latest = newest;
    if (latest != null && latest.isOf(structure)) {
      return latest;
    }
    DecodeTargets before = previous;
    if (before != null && before.isOf(structure)) {
      return before;
    }
    DecodeTargets added = new DecodeTargets(structure);
    previous = latest;
    newest = added;
    return added;
  }

  /**
   * Tells the bridge's description of this stream's layers what is new; returns whether anything
   * was.
   */
  boolean updateLayers(
      int frame,
      int sequenceNumber,
      MediaSourceDesc[] sources,
      MediaSourceDesc[] signaled,
      LongSupplier nanoClock) {
    boolean described = Frame.kind(frame) == Frame.KIND_DESCRIBED;
    if (!described && Frame.kind(frame) != Frame.KIND_MARKED) {
      return false;
    }
    if (described ? isToldDescribed() : isToldMarked()) {
      return false;
    }
    long now = nanoClock.getAsLong();
    if (told != Told.NOTHING
        && ((short) (sequenceNumber - toldSequenceNumber) <= 0
            || now - toldNanos < MIN_UPDATE_INTERVAL_NANOS)) {
      return false;
    }
    MediaSourceDesc source = source(ssrc, sources);
    RtpEncodingDesc encoding = source == null ? null : source.findRtpEncodingDesc(ssrc);
    if (source == null || encoding == null) {
      return false;
    }
    boolean needed = true;
    if (described) {
      source.setEncodingLayers(describedLayers(encoding.getEid()), ssrc);
      toldTargets = newest;
      toldActive = activeTargets;
      told = Told.DESCRIBED;
    } else {
      RtpLayerDesc[] stock = signalledLayers(signaled);
      boolean fits = highestSpatial == 0 && highestTemporal < SIGNALLED_TEMPORAL_LAYERS;
      needed = !fits || told == Told.DESCRIBED;
      if (needed) {
        source.setEncodingLayers(
            fits && stock.length > 0 ? stock : markedLayers(encoding.getEid(), stock), ssrc);
      }
      toldSpatial = highestSpatial;
      toldTemporal = highestTemporal;
      told = Told.MARKED;
    }
    toldSequenceNumber = sequenceNumber;
    toldNanos = now;
    return needed;
  }

  private boolean isToldDescribed() {
    return told == Told.DESCRIBED && toldTargets == newest && toldActive == activeTargets;
  }

  private boolean isToldMarked() {
    return told == Told.MARKED && toldSpatial == highestSpatial && toldTemporal == highestTemporal;
  }

  private RtpLayerDesc[] signalledLayers(MediaSourceDesc[] signaled) {
    MediaSourceDesc source = source(ssrc, signaled);
    return source == null ? new RtpLayerDesc[0] : source.getEncodingLayers(ssrc);
  }

  /**
   * A marking does not say how large a layer's pictures are: the lowest is taken for what
   * signalling has for the encoding, each further one for twice the one below.
   */
  private RtpLayerDesc[] markedLayers(int encoding, RtpLayerDesc[] stock) {
    int baseHeight = stock.length > 0 ? stock[0].getHeight() : DEFAULT_HEIGHT << encoding;
    int perSpatial = highestTemporal + 1;
    VpxRtpLayerDesc[] all = new VpxRtpLayerDesc[(highestSpatial + 1) * perSpatial];
    for (int spatial = 0; spatial <= highestSpatial; spatial++) {
      for (int temporal = 0; temporal <= highestTemporal; temporal++) {
        List<VpxRtpLayerDesc> below = new ArrayList<>();
        if (temporal > 0) {
          below.add(all[spatial * perSpatial + temporal - 1]);
        }
        if (spatial > 0) {
          below.add(all[(spatial - 1) * perSpatial + temporal]);
        }
        all[spatial * perSpatial + temporal] =
            new VpxRtpLayerDesc(
                encoding,
                temporal,
                spatial,
                baseHeight << spatial,
                frameRate(temporal, highestTemporal),
                below.toArray(new VpxRtpLayerDesc[0]));
      }
    }
    return all;
  }

  private RtpLayerDesc[] describedLayers(int encoding) {
    DecodeTargets targets = newest;
    if (targets == null) {
      return new RtpLayerDesc[0];
    }
    List<Integer> active = new ArrayList<>();
    for (int target = 0; target < targets.count(); target++) {
      if ((activeTargets & 1 << target) != 0) {
        active.add(target);
      }
    }
    // The bridge takes the order for the order of quality.
    active.sort(
        Comparator.<Integer>comparingInt(targets::spatialId).thenComparingInt(targets::temporalId));
    return active.stream()
        .map(
            target ->
                new Av1DDRtpLayerDesc(
                    encoding,
                    target,
                    targets.temporalId(target),
                    targets.spatialId(target),
                    height(targets, encoding, targets.spatialId(target)),
                    frameRate(targets.temporalId(target), targets.maxTemporalId())))
        .toArray(RtpLayerDesc[]::new);
  }

  /** The smaller dimension, so that pictures in portrait count as what they are. */
  private static int height(DecodeTargets targets, int encoding, int spatialId) {
    DependencyStructure structure = targets.structure();
    return structure.hasResolutions()
        ? Math.min(structure.width(spatialId), structure.height(spatialId))
        : DEFAULT_HEIGHT << encoding << spatialId;
  }

  /** Each temporal layer is taken to double the rate, up to 30 frames per second. */
  private static double frameRate(int temporalId, int highest) {
    return FULL_FRAME_RATE / (1 << (highest - temporalId));
  }
}
