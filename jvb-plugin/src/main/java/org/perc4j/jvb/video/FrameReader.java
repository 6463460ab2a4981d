/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import java.util.function.LongSupplier;
import kotlin.Unit;
import org.jitsi.nlj.MediaSourceDesc;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.PacketState;

/**
 * Reads what the header extensions of one sender's double video packets say of their frames, notes
 * it on the packets, and keeps the bridge's descriptions of the sender's layers as the extensions
 * have it. The dependency descriptor goes before the frame marking where a packet has both and the
 * structure of the descriptor is known.
 *
 * <p>For the thread that receives from that sender; the identifiers of extensions may change on
 * any.
 */
public final class FrameReader {
  private static final int NOT_NEGOTIATED = -1;

  /** As many as signalling lets an endpoint have. */
  private static final int MAX_STREAMS = 64;

  private final LongSupplier nanoClock;
  private final BridgeCounters counters;
  private final RtpPacketView view = new RtpPacketView();
  private final HeaderExtensionCursor extensions = new HeaderExtensionCursor();
  private volatile int markingId = NOT_NEGOTIATED;
  private volatile int descriptorId = NOT_NEGOTIATED;
  private StreamReader[] streams = new StreamReader[0];
  private MediaSourceDesc @Nullable [] known;

  private FrameReader(LongSupplier nanoClock, BridgeCounters counters) {
    this.nanoClock = nanoClock;
    this.counters = counters;
  }

  /** A reader for the sender with this store. */
  public static FrameReader of(
      ReadOnlyStreamInformationStore store, LongSupplier nanoClock, BridgeCounters counters) {
    FrameReader reader = new FrameReader(nanoClock, counters);
    store.onRtpExtensionMapping(
        RtpExtensionType.FRAME_MARKING,
        id -> {
          reader.markingId = negotiated(id);
          return Unit.INSTANCE;
        });
    store.onRtpExtensionMapping(
        RtpExtensionType.AV1_DEPENDENCY_DESCRIPTOR,
        id -> {
          reader.descriptorId = negotiated(id);
          return Unit.INSTANCE;
        });
    return reader;
  }

  private static int negotiated(@Nullable Integer id) {
    return id == null ? NOT_NEGOTIATED : id;
  }

  /** What a packet told the bridge besides its own frame. */
  public enum News {
    /** Nothing. */
    NONE,
    /** A key frame begins. */
    KEY_FRAME,
    /** The layers of the stream are not what they were. */
    LAYERS,
    /** Both. */
    KEY_FRAME_AND_LAYERS
  }

  /**
   * Reads one packet.
   *
   * @param packet the packet; what its extensions say is noted on it
   * @param packetInfo around the packet; told if the layers changed
   * @param sources the sender's, whose layers are kept up to date
   * @param signaled the sender's, as signalled
   */
  public News read(
      VideoRtpPacket packet,
      PacketInfo packetInfo,
      MediaSourceDesc[] sources,
      MediaSourceDesc[] signaled) {
    noteSources(sources);
    StreamReader stream = stream(packet.getSsrc(), sources);
    if (stream == null) {
      return News.NONE;
    }
    int frame = frame(packet.getBuffer(), packet.getOffset(), packet.getLength(), stream);
    ((PacketState) (Object) packet).perc4jFrame(frame);
    ((PacketState) (Object) packet).perc4jLayers(stream.layers());
    ((PacketState) (Object) packet).perc4jActiveTargets(stream.sentTargets());
    boolean layersChanged =
        stream.updateLayers(frame, packet.getSequenceNumber(), sources, signaled, nanoClock);
    if (layersChanged) {
      packetInfo.setLayeringChanged(true);
    }
    if (Frame.startsStream(frame) && Frame.start(frame)) {
      return layersChanged ? News.KEY_FRAME_AND_LAYERS : News.KEY_FRAME;
    }
    return layersChanged ? News.LAYERS : News.NONE;
  }

  @SuppressWarnings("ReferenceEquality") // the bridge makes another array if it changes anything
  private void noteSources(MediaSourceDesc[] sources) {
    if (sources != known) {
      known = sources;
      for (StreamReader stream : streams) {
        stream.signalled(sources);
      }
    }
  }

  /** What a packet's extensions say of its frame, as {@link Frame} packs it. */
  int frame(byte[] buffer, int offset, int length, StreamReader stream) {
    stream.clear();
    int frame = Frame.UNMARKED;
    try {
      view.wrap(buffer, offset, length);
      if (find(descriptorId)) {
        frame =
            stream.readDescriptor(view.buffer(), extensions.dataOffset(), extensions.dataLength());
      }
      if (frame == Frame.UNMARKED && find(markingId)) {
        frame = stream.readMarking(view.buffer(), extensions.dataOffset(), extensions.dataLength());
      }
    } catch (MalformedPacketException e) {
      counters.count(BridgeCounter.MALFORMED_MARKINGS);
      frame = stream.isDescribed() ? Frame.unknown() : Frame.UNMARKED;
    }
    return frame == Frame.UNMARKED && stream.wasMarked() ? Frame.unsaid() : frame;
  }

  private boolean find(int id) throws MalformedPacketException {
    extensions.wrap(view);
    return id != NOT_NEGOTIATED && extensions.find(id);
  }

  private @Nullable StreamReader stream(long ssrc, MediaSourceDesc[] sources) {
    for (StreamReader stream : streams) {
      if (stream.ssrc() == ssrc) {
        return stream;
      }
    }
    if (StreamReader.source(ssrc, sources) == null) {
      // Dropped by the next node.
      return null;
    }
    if (streams.length >= MAX_STREAMS) {
      streams =
          Arrays.stream(streams)
              .filter(s -> StreamReader.source(s.ssrc(), sources) != null)
              .toArray(StreamReader[]::new);
      if (streams.length >= MAX_STREAMS) {
        return null;
      }
    }
    StreamReader added = new StreamReader(ssrc);
    added.signalled(sources);
    streams = Arrays.copyOf(streams, streams.length + 1);
    streams[streams.length - 1] = added;
    return added;
  }
}
