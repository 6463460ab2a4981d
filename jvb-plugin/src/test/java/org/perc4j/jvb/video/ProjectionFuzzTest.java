/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.fuzzing.FuzzInput;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;

/**
 * A source of several encodings whose packets say anything, in any order, to a receiver that is to
 * have anything. No number goes out for two packets; nothing goes to who is to have nothing, and of
 * a marked stream no layer above the target; what is kept is bounded, and key frames are asked for
 * at a bounded rate; and whatever was said, the next key frame of what the receiver is to have is
 * forwarded.
 */
class ProjectionFuzzTest {
  private static final int MAX_STEPS = 400;

  /** More than a projection keeps. */
  private static final int SSRCS = 20;

  private static final int MAX_ENCODINGS = 16;
  private static final int GUARD = 4;
  private static final DependencyStructure[] STRUCTURES = {
    DescribedLayersTest.l3t3(), DescribedLayersTest.l3t3Key(), DescribedLayersTest.s2t1()
  };

  @FuzzTest
  void source(byte[] octets) {
    new Source(new FuzzInput(octets)).run();
  }

  /** What was sent under one SSRC, and what of it went out under which number. */
  private static final class Stream {
    final StreamReader reader;
    final Set<Long> keys = new HashSet<>();
    final Deque<Integer> recentOut = new ArrayDeque<>();
    final Set<Integer> out = new HashSet<>();
    int highest;
    boolean started;
    long timestamp;

    Stream(long ssrc) {
      reader = new StreamReader(ssrc);
    }
  }

  private static final class Source {
    private final FuzzInput input;
    private final SourceProjection projection;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private long nanos;
    private int target = SourceProjection.SUSPENDED;
    private int keyFramesWanted;

    Source(FuzzInput input) {
      this.input = input;
      this.projection = new SourceProjection(() -> nanos);
    }

    void run() {
      for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
        int what = input.octet();
        if (what < 16) {
          target = target();
        } else if (what < 24) {
          nanos += 10_000_000L * input.octet();
        } else {
          nanos += 1_000_000L;
          packet(what);
        }
      }
      int known = 0;
      for (int encoding = 0; encoding < SSRCS; encoding++) {
        known += projection.knows(ssrc(encoding)) ? 1 : 0;
      }
      assertTrue(known <= MAX_ENCODINGS);
      assertTrue(
          keyFramesWanted <= 1 + nanos / KeyFrameRequests.MIN_INTERVAL_NANOS, "too many requests");
      keyFrameIsForwarded(known);
    }

    private int target() {
      int encoding = input.below(5) - 1;
      return encoding < 0
          ? SourceProjection.SUSPENDED
          : encoding * 64
              + (input.flag() ? input.below(64) : (input.below(3) << 3) + input.below(3));
    }

    private static long ssrc(int encoding) {
      return 0xF000_0000L + encoding;
    }

    private Stream stream(int encoding) {
      return streams.computeIfAbsent(encoding, added -> new Stream(ssrc(added)));
    }

    private void packet(int what) {
      int encoding = (what & 0x80) != 0 ? input.below(3) : input.below(SSRCS);
      Stream stream = stream(encoding);
      int order = input.octet();
      int sequenceNumber = stream.highest + 1;
      if (order > 250) {
        sequenceNumber = input.uint16();
      } else if (order > 200) {
        sequenceNumber = stream.highest + 201 - order;
      } else if (order > 180) {
        sequenceNumber = stream.highest + order - 179;
      }
      sequenceNumber &= 0xFFFF;
      stream.timestamp += (what & 0x40) != 0 ? 3000 : 0;
      int frame = frame(stream, what & 0x07);
      boolean unused = send(stream, encoding, sequenceNumber, frame, stream.reader.layers());
    }

    /** As the bridge reads a packet's extensions. */
    private int frame(Stream stream, int kind) {
      stream.reader.clear();
      try {
        return switch (kind) {
          case 0 -> Frame.UNMARKED;
          case 1 -> readMarking(stream, input.take(1 + input.below(4)));
          case 2, 3 -> readMarking(stream, input.take(3));
          case 4 -> readDescriptor(stream, input.vector());
          default -> readDescriptor(stream, descriptor());
        };
      } catch (MalformedPacketException e) {
        return stream.reader.isDescribed() ? Frame.unknown() : Frame.UNMARKED;
      }
    }

    private byte[] descriptor() {
      DependencyStructure structure = STRUCTURES[input.below(STRUCTURES.length)];
      byte[] octets = new byte[DependencyDescriptorWriter.MAX_LENGTH];
      int flags = input.octet();
      int length =
          DependencyDescriptorWriter.write(
              structure,
              (flags & 1) != 0,
              DependencyDescriptorWriter.ABSENT,
              (flags & 2) != 0,
              (flags & 4) != 0,
              input.flag() ? input.octet() : input.uint16(),
              structure.template(input.octet() % structure.templateCount()),
              octets,
              0);
      byte[] written = Arrays.copyOf(octets, length);
      return (flags & 8) != 0 ? input.mutated(written) : written;
    }

    private static int readMarking(Stream stream, byte[] octets) throws MalformedPacketException {
      return stream.reader.readMarking(guarded(octets), GUARD, octets.length);
    }

    private static int readDescriptor(Stream stream, byte[] octets)
        throws MalformedPacketException {
      return stream.reader.readDescriptor(guarded(octets), GUARD, octets.length);
    }

    private static byte[] guarded(byte[] octets) {
      byte[] guarded = new byte[GUARD + octets.length + GUARD];
      Arrays.fill(guarded, (byte) 0xF0);
      System.arraycopy(octets, 0, guarded, GUARD, octets.length);
      return guarded;
    }

    private boolean send(
        Stream stream, int encoding, int sequenceNumber, int frame, @Nullable LayerFrame layers) {
      boolean inOrder = !stream.started || (short) (sequenceNumber - stream.highest) > 0;
      int kind = Frame.kind(frame);
      long key = Frame.key(frame, stream.timestamp);
      // What says nothing shares the fate of what has its timestamp and said something.
      boolean silent = kind == Frame.UNMARKED || kind == Frame.KIND_UNKNOWN;
      boolean undecided = silent ? !stream.keys.contains(key) : stream.keys.add(key);
      boolean accepted =
          projection.accept(
              ssrc(encoding),
              encoding,
              sequenceNumber,
              stream.timestamp,
              frame,
              layers,
              layers == null ? ActiveTargets.NONE : stream.reader.sentTargets(),
              target);
      keyFramesWanted += projection.keyFrameWanted() ? 1 : 0;
      if (inOrder) {
        stream.highest = sequenceNumber;
        stream.started = true;
      }
      if (!accepted) {
        return false;
      }
      checkNumber(stream, encoding, sequenceNumber);
      if (undecided) {
        assertNotEquals(SourceProjection.SUSPENDED, target);
        assertNotEquals(Frame.KIND_UNKNOWN, kind);
        if (inOrder && kind == Frame.KIND_MARKED && encoding == (target >> 6)) {
          assertTrue(Frame.spatialId(frame) <= ((target >> 3) & 7));
          assertTrue(Frame.temporalId(frame) <= (target & 7));
        }
        if (layers != null) {
          assertFalse(layers.decodeTargets().isEmpty());
          int forwarded = SourceProjection.target(projection.map(ssrc(encoding), sequenceNumber));
          assertTrue(layers.presentIn(forwarded), "forwarded for a target that it is not part of");
        }
      }
      return true;
    }

    private void checkNumber(Stream stream, int encoding, int sequenceNumber) {
      int mapped = projection.map(ssrc(encoding), sequenceNumber);
      assertNotEquals(SourceProjection.UNMAPPED, mapped);
      int number = mapped & 0xFFFF;
      assertTrue(stream.out.add(number), "sent twice under " + number);
      stream.recentOut.addLast(number);
      if (stream.recentOut.size() > SequenceProjection.WINDOW) {
        stream.out.remove(stream.recentOut.removeFirst());
      }
    }

    private void keyFrameIsForwarded(int known) {
      int encoding = input.below(3);
      if (known == MAX_ENCODINGS && !projection.knows(ssrc(encoding))) {
        return;
      }
      Stream stream = stream(encoding);
      stream.reader.clear();
      target = encoding * 64;
      stream.timestamp += 1_000_000;
      int frame = Frame.marked(FrameMarkingCodec.ofNonScalable(true, true, true, false));
      int sequenceNumber = (stream.highest + 1) & 0xFFFF;
      assertTrue(send(stream, encoding, sequenceNumber, frame, null), projection.toString());
    }
  }

  /** The numbering alone: packets forwarded, dropped and missed in any order. */
  @FuzzTest
  void numbers(byte[] octets) {
    FuzzInput input = new FuzzInput(octets);
    SequenceProjection numbers = new SequenceProjection();
    Map<Integer, Integer> sent = new HashMap<>();
    Deque<Integer> recent = new ArrayDeque<>();
    int highest = input.uint16();
    while (input.hasMore()) {
      int what = input.octet();
      int step = input.octet();
      int number =
          switch (what >> 6) {
            case 0 -> highest + 1;
            case 1 -> highest + (step & 0x1F);
            case 2 -> highest - (step & 0x3F);
            default -> (what & 0x20) != 0 ? input.uint16() : highest - 2050 + (step & 0x0F);
          };
      number &= 0xFFFF;
      highest = (short) (number - highest) > 0 ? number : highest;
      switch (what & 3) {
        case 0 -> numbers.drop(number, (what & 4) != 0);
        case 1 -> numbers.miss(number);
        default -> {
          int note =
              ((what & 8) != 0 ? SequenceProjection.LAST_OF_PICTURE : 0)
                  | ((what & 16) != 0 ? SequenceProjection.TARGETS_CHANGED : 0)
                  | SequenceProjection.ofTarget(step & 0x1F);
          if (numbers.forward(number, note, (what & 4) != 0)) {
            int mapped = numbers.map(number);
            assertNotEquals(SequenceProjection.UNMAPPED, mapped);
            assertEquals(note, mapped & ~0xFFFF);
            assertEquals(step & 0x1F, SequenceProjection.target(mapped));
            Integer before = sent.put(mapped & 0xFFFF, number);
            assertEquals(null, before, "number " + (mapped & 0xFFFF) + " goes out twice");
            recent.addLast(mapped & 0xFFFF);
            if (recent.size() > SequenceProjection.WINDOW) {
              Integer unused = sent.remove(recent.removeFirst());
            }
          }
        }
      }
      assertTrue(numbers.highestSent() >= 0 && numbers.highestSent() <= 0xFFFF);
    }
  }
}
