/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

/**
 * The way of a packet from its stream to the line: the end-to-end layer, the memory for repair, the
 * pace of the network if it is to be kept, the hop. On the thread of the media only, apart from
 * {@link #quality}.
 */
public final class MediaSender {
  /** Of so many of the last packets one is sent again where padding is needed. */
  private static final int PADDING_PACKETS = 8;

  /** Somebody came whom the room waits for, or there are no keys yet, or any more. */
  private static final Set<DoubleSrtpResult> NOT_NOW =
      EnumSet.of(
          DoubleSrtpResult.NO_KEY_YET,
          DoubleSrtpResult.SENDING_STOPPED,
          DoubleSrtpResult.SENDING_WAITS,
          DoubleSrtpResult.KEYS_ERASED);

  private final @Nullable AdaptiveSender adaptive;
  private final Supplier<@Nullable StreamSender> padded;
  private final MediaPacket carrier = new MediaPacket();
  private @Nullable Line line;
  private int paddingTurn;

  private MediaSender(
      @Nullable Qualities qualities,
      double besidesBps,
      boolean adapts,
      Supplier<@Nullable StreamSender> padded) {
    this.padded = padded;
    adaptive =
        adapts
            ? new AdaptiveSender(
                qualities, besidesBps, CongestionControl.START_BPS, new PacedOutput())
            : null;
  }

  /** Sends everything at once, whatever becomes of it. */
  public static MediaSender unpaced() {
    return new MediaSender(null, 0, false, () -> null);
  }

  /**
   * Keeps to the pace of the network.
   *
   * @param qualities what can be left out; or null
   * @param besidesBps what else is sent, in bits per second
   * @param padded whose packets are sent again to find out whether there is more room; or null
   */
  public static MediaSender adaptive(
      @Nullable Qualities qualities, double besidesBps, Supplier<@Nullable StreamSender> padded) {
    return new MediaSender(qualities, besidesBps, true, padded);
  }

  /** Sends by another line from now on; null while there is none, when all is lost. */
  public void setLine(@Nullable Line next) {
    line = next;
  }

  /**
   * Sends the next packet of a stream.
   *
   * @param packetWithRoom with {@link StreamSender#ROOM_BYTES} behind it; not copied, changed
   * @param isUrgent whether it goes before all others
   * @return {@code OK}, also if there is no line; or why nothing may be sent now
   */
  public DoubleSrtpResult send(
      StreamSender stream, byte[] packetWithRoom, boolean isUrgent, long nowNanos)
      throws IOException {
    Line current = line;
    if (current == null) {
      return DoubleSrtpResult.OK;
    }
    MediaPacket packet =
        carrier.wrap(packetWithRoom, 0, packetWithRoom.length - StreamSender.ROOM_BYTES);
    DoubleSrtpResult inner = current.protection().protectInner(packet);
    if (NOT_NOW.contains(inner)) {
      return inner;
    }
    if (inner != DoubleSrtpResult.OK) {
      throw new IllegalStateException("could not protect a packet: " + inner);
    }
    stream.remember(Arrays.copyOf(packetWithRoom, packet.length()));
    if (adaptive != null) {
      adaptive.offer(
          new AdaptiveSender.Packet(packetWithRoom, packet.length()), isUrgent, nowNanos);
    } else {
      current.send(packet, nowNanos);
    }
    return inner;
  }

  /**
   * Sends a packet of a stream again.
   *
   * @param sequenceNumber 16 bits
   * @return whether it is remembered
   */
  public boolean repair(StreamSender stream, int sequenceNumber, long nowNanos) throws IOException {
    Line current = line;
    byte[] packet = stream.repair(sequenceNumber);
    if (packet == null || current == null) {
      return false;
    }
    int length = packet.length - StreamSender.ROOM_BYTES;
    if (adaptive != null) {
      adaptive.offer(new AdaptiveSender.Packet(packet, length), false, nowNanos);
    } else {
      current.send(carrier.wrap(packet, 0, length), nowNanos);
    }
    return true;
  }

  /** Whether it keeps to the pace of the network, and has to be {@linkplain #tick called}. */
  public boolean keepsPace() {
    return adaptive != null;
  }

  /** Sends what is due; to be called each few milliseconds if the pace is kept. */
  public void tick(long nowNanos) throws IOException {
    Line current = line;
    if (adaptive != null && current != null) {
      adaptive.tick(current.congestion(), nowNanos);
    }
  }

  /**
   * Returns the highest quality that is sent now, -1 for none, and the highest number there is
   * where the pace is not kept; from any thread.
   */
  public int quality() {
    return adaptive == null ? Integer.MAX_VALUE : adaptive.rung();
  }

  /** What goes out when its turn comes; in between there may have been a move. */
  private final class PacedOutput implements AdaptiveSender.Output {
    private final MediaPacket paced = new MediaPacket();

    @Override
    public void send(AdaptiveSender.Packet packet) throws IOException {
      Line current = line;
      if (current != null) {
        current.send(paced.wrap(packet.buffer(), 0, packet.length()), System.nanoTime());
      }
    }

    @Override
    public int pad() throws IOException {
      Line current = line;
      StreamSender stream = padded.get();
      paddingTurn = (paddingTurn + 1) % PADDING_PACKETS;
      byte[] packet = stream == null ? null : stream.padding(paddingTurn);
      if (current == null || packet == null) {
        return 0;
      }
      int length = packet.length - StreamSender.ROOM_BYTES;
      current.send(paced.wrap(packet, 0, length), System.nanoTime());
      return length;
    }
  }
}
