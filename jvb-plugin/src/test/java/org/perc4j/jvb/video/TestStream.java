/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.DecodeTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;

/** One encoding as a sender would send it: two packets for each frame of a layer. */
final class TestStream {
  private static final int PACKETS_PER_FRAME = 2;
  private static final int TIMESTAMP_STEP = 3000;

  /** What a projection is told of a packet. */
  record TestPacket(
      long ssrc,
      int encoding,
      int sequenceNumber,
      long timestamp,
      int frame,
      @Nullable LayerFrame layers,
      long active) {}

  private enum Kind {
    UNMARKED,
    MARKED,
    MARKED_SVC,
    DESCRIBED
  }

  private final Kind kind;
  private final long ssrc;
  private final int encoding;
  private final @Nullable DecodeTargets targets;
  private int sequenceNumber;
  private int timestamp = -500 * TIMESTAMP_STEP;
  private int frameNumber = 65500;
  private int active;
  private boolean activeChanged;

  private TestStream(
      Kind kind, long ssrc, int encoding, int sequenceNumber, @Nullable DecodeTargets targets) {
    this.kind = kind;
    this.ssrc = ssrc;
    this.encoding = encoding;
    this.sequenceNumber = sequenceNumber;
    this.targets = targets;
    this.active = targets == null ? 0 : targets.structure().decodeTargetMask();
  }

  /** From its next frame on, the sender has these decode targets active, and says so in it. */
  void activate(int mask) {
    active = mask;
    activeChanged = true;
  }

  static TestStream unmarked(long ssrc, int encoding, int sequenceNumber) {
    return new TestStream(Kind.UNMARKED, ssrc, encoding, sequenceNumber, null);
  }

  static TestStream marked(long ssrc, int encoding, int sequenceNumber) {
    return new TestStream(Kind.MARKED, ssrc, encoding, sequenceNumber, null);
  }

  static TestStream markedSvc(long ssrc, int encoding, int sequenceNumber) {
    return new TestStream(Kind.MARKED_SVC, ssrc, encoding, sequenceNumber, null);
  }

  static TestStream described(
      long ssrc, int encoding, int sequenceNumber, DependencyStructure structure) {
    return new TestStream(
        Kind.DESCRIBED, ssrc, encoding, sequenceNumber, new DecodeTargets(structure));
  }

  /** A picture without any marking. */
  List<TestPacket> picture(int packets) {
    List<TestPacket> all = new ArrayList<>();
    for (int i = 0; i < packets; i++) {
      all.add(packet(Frame.UNMARKED, null));
    }
    timestamp += TIMESTAMP_STEP;
    return all;
  }

  /** A key frame of one layer. */
  List<TestPacket> key() {
    return keyPicture(1);
  }

  /** Another frame of one layer. */
  List<TestPacket> delta(int temporalId, boolean sync) {
    return picture(1, (all, spatialId) -> addMarked(all, false, sync, temporalId, spatialId));
  }

  /** A key picture of several spatial layers. */
  List<TestPacket> keyPicture(int spatialLayers) {
    return picture(spatialLayers, 0, true);
  }

  /** Another picture of several spatial layers. */
  List<TestPacket> deltaPicture(int spatialLayers, int temporalId) {
    return picture(spatialLayers, temporalId, false);
  }

  /** A picture of several spatial layers that depends on the base layer in time only. */
  List<TestPacket> syncPicture(int spatialLayers, int temporalId) {
    return picture(
        spatialLayers, (all, spatialId) -> addMarked(all, false, true, temporalId, spatialId));
  }

  /** A picture whose layers above the spatial base depend on no earlier picture. */
  List<TestPacket> refreshedPicture(int spatialLayers, int temporalId) {
    return picture(
        spatialLayers,
        (all, spatialId) -> addMarked(all, spatialId > 0, false, temporalId, spatialId));
  }

  private List<TestPacket> picture(int spatialLayers, int temporalId, boolean key) {
    return picture(
        spatialLayers,
        (all, spatialId) -> {
          if (kind == Kind.DESCRIBED) {
            addDescribed(all, key, temporalId, spatialId);
          } else {
            addMarked(all, key, false, temporalId, spatialId);
          }
        });
  }

  /** The frames of a picture, from the lowest spatial layer up, and on to the next picture. */
  private List<TestPacket> picture(int spatialLayers, ObjIntConsumer<List<TestPacket>> addFrame) {
    List<TestPacket> all = new ArrayList<>();
    for (int spatialId = 0; spatialId < spatialLayers; spatialId++) {
      addFrame.accept(all, spatialId);
    }
    timestamp += TIMESTAMP_STEP;
    return all;
  }

  /** A packet without extension, of the picture that follows. */
  TestPacket unsaid() {
    return packet(Frame.unsaid(), null);
  }

  /** A packet without extension that follows others of its picture. */
  TestPacket unsaidOf(List<TestPacket> others) {
    timestamp -= TIMESTAMP_STEP;
    TestPacket packet = unsaid();
    timestamp += TIMESTAMP_STEP;
    if (packet.timestamp() != others.get(0).timestamp()) {
      throw new IllegalStateException("another picture has begun");
    }
    return packet;
  }

  /** A whole picture without extensions, in a stream that had them. */
  List<TestPacket> unsaidPicture() {
    List<TestPacket> all = List.of(unsaid(), unsaid());
    timestamp += TIMESTAMP_STEP;
    return all;
  }

  /** A packet whose descriptor refers to a structure that nobody knows. */
  TestPacket unknown() {
    TestPacket packet = packet(Frame.unknown(), null);
    timestamp += TIMESTAMP_STEP;
    return packet;
  }

  /** A packet that says anything; whoever believes it may lose quality only. */
  TestPacket anything(Random random) {
    timestamp += random.nextInt(3) * TIMESTAMP_STEP;
    frameNumber += random.nextInt(3);
    int spatialId = random.nextInt(3);
    int temporalId = random.nextInt(3);
    return switch (random.nextInt(kind == Kind.DESCRIBED ? 4 : 3)) {
      case 0 -> packet(Frame.UNMARKED, null);
      case 1 -> packet(random.nextBoolean() ? Frame.unknown() : Frame.unsaid(), null);
      case 2 ->
          packet(
              Frame.marked(
                  FrameMarkingCodec.ofScalable(
                      random.nextBoolean(),
                      random.nextBoolean(),
                      random.nextInt(5) == 0,
                      random.nextBoolean(),
                      temporalId > 0 && random.nextBoolean(),
                      temporalId,
                      spatialId,
                      0)),
              null);
      default -> {
        DecodeTargets structure = structure();
        LayerFrame layers =
            structure.frame(
                structure
                    .structure()
                    .template(random.nextInt(structure.structure().templateCount())));
        yield packet(
            Frame.described(random.nextBoolean(), random.nextBoolean(), frameNumber, layers),
            layers);
      }
    };
  }

  private void addMarked(
      List<TestPacket> packets, boolean key, boolean sync, int temporalId, int spatialId) {
    for (int i = 0; i < PACKETS_PER_FRAME; i++) {
      int marking =
          FrameMarkingCodec.ofScalable(
              i == 0, i == PACKETS_PER_FRAME - 1, key, false, sync, temporalId, spatialId, 0);
      packets.add(packet(Frame.marked(marking), null));
    }
  }

  /**
   * The template that a sender would use: the frame's layer, and whether it is of a key picture.
   */
  private void addDescribed(List<TestPacket> packets, boolean key, int temporalId, int spatialId) {
    DecodeTargets known = structure();
    FrameDependencies found = null;
    for (int i = 0; i < known.structure().templateCount(); i++) {
      FrameDependencies template = known.structure().template(i);
      boolean ofKeyPicture = template.frameDiffCount() == (template.spatialId() > 0 ? 1 : 0);
      for (int diff = 0; diff < template.frameDiffCount(); diff++) {
        ofKeyPicture &= template.frameDiff(diff) == 1 && template.spatialId() > 0;
      }
      if (template.spatialId() == spatialId
          && template.temporalId() == temporalId
          && (temporalId > 0 || ofKeyPicture == key)
          && found == null) {
        found = template;
      }
    }
    if (found == null) {
      throw new IllegalStateException("no template for S" + spatialId + "T" + temporalId);
    }
    LayerFrame layers = known.frame(found);
    boolean structure = key && spatialId == 0;
    for (int i = 0; i < PACKETS_PER_FRAME; i++) {
      packets.add(
          packet(
              Frame.described(i == 0, i == PACKETS_PER_FRAME - 1, frameNumber, layers),
              layers,
              ActiveTargets.sent(active, i == 0 && (structure || activeChanged))));
    }
    frameNumber++;
    activeChanged = false;
  }

  private DecodeTargets structure() {
    if (targets == null) {
      throw new IllegalStateException("a stream without descriptors");
    }
    return targets;
  }

  private TestPacket packet(int frame, @Nullable LayerFrame layers) {
    return packet(
        frame, layers, layers == null ? ActiveTargets.NONE : ActiveTargets.sent(active, false));
  }

  private TestPacket packet(int frame, @Nullable LayerFrame layers, long sentTargets) {
    TestPacket packet =
        new TestPacket(
            ssrc,
            encoding,
            sequenceNumber,
            Integer.toUnsignedLong(timestamp),
            frame,
            layers,
            sentTargets);
    sequenceNumber = (sequenceNumber + 1) & 0xffff;
    return packet;
  }
}
