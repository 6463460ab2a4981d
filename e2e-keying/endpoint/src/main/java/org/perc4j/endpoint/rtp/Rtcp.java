/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.congestion.MalformedFeedbackException;
import org.perc4j.endpoint.congestion.ReceiverEstimate;
import org.perc4j.endpoint.congestion.ReceiverEstimateCodec;
import org.perc4j.endpoint.congestion.TransportFeedback;
import org.perc4j.endpoint.congestion.TransportFeedbackCodec;

/** The RTCP packets that an endpoint sends and understands (RFC 3550, RFC 4585, RFC 5104). */
public final class Rtcp {
  private static final int FIRST_TYPE = 192;
  private static final int LAST_TYPE = 223;
  private static final int VERSION = 0x80;
  private static final int COUNT_MASK = 0x1F;
  private static final int SENDER_REPORT = 200;
  private static final int RECEIVER_REPORT = 201;
  private static final int SOURCE_DESCRIPTION = 202;
  private static final int TRANSPORT_FEEDBACK = 205;
  private static final int PAYLOAD_FEEDBACK = 206;
  private static final int FORMAT_NACK = 1;
  private static final int FORMAT_PLI = 1;
  private static final int FORMAT_FIR = 4;
  private static final int HEADER_BYTES = 4;
  private static final int FEEDBACK_HEADER_BYTES = 12;
  private static final int SENDER_INFO_END = 28;
  private static final int REPORT_BLOCK_BYTES = 24;
  private static final int FIR_ENTRY_BYTES = 8;
  private static final int NACK_MASK_BITS = 16;
  private static final int CNAME = 1;

  private Rtcp() {}

  /**
   * Tells RTCP from RTP by what is the packet's type in the one and marker and payload type in the
   * other (RFC 5761, section 4).
   *
   * @param packet of either; one of less than 2 octets is none
   */
  public static boolean isRtcp(byte[] packet) {
    if (packet.length < 2) {
      return false;
    }
    int type = packet[1] & 0xFF;
    return type >= FIRST_TYPE && type <= LAST_TYPE;
  }

  /**
   * What is reported about one received stream (RFC 3550 section 6.4.1).
   *
   * @param lastSenderReport the middle 32 bits of its sender's last NTP time, 0 if there was none
   * @param delaySinceLast how long ago that came, in seconds times 2<sup>16</sup>, 32 bits unsigned
   */
  public record ReportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequence,
      int lastSenderReport,
      int delaySinceLast) {}

  /**
   * What a sender says of a stream of its own (RFC 3550 section 6.4.1).
   *
   * @param ntpTime seconds since 1900, times 2<sup>32</sup>, unsigned
   * @param rtpTimestamp 32 bits
   * @param packets sent so far
   * @param octets of payload sent so far
   */
  public record SenderReport(
      int ssrc, long ntpTime, long rtpTimestamp, long packets, long octets) {}

  /** Takes what a compound packet asks for. */
  public interface Listener {
    /** Packets of a stream are missing. */
    void nack(int mediaSsrc, List<Integer> sequenceNumbers);

    /** A receiver of a stream needs a key frame. */
    void keyFrameRequest(int mediaSsrc);

    /** A sender reported this. */
    default void senderReport(SenderReport report) {}

    /** A receiver, or a sender as one, reported on a stream. */
    default void received(ReportBlock block) {}

    /** A receiver says which packets of the transport arrived. */
    default void transportFeedback(TransportFeedback feedback) {}

    /** A receiver says how much it can have. */
    default void receiverEstimate(ReceiverEstimate estimate) {}

    /** There is something that is not what it should be; what follows it is not read. */
    default void malformed() {}
  }

  /** Writes a sender report without blocks, and the canonical name that compound packets need. */
  public static byte[] senderReport(
      int ssrc, long ntpTime, long rtpTimestamp, int packets, int octets, String cname) {
    byte[] name = sourceDescription(ssrc, cname);
    return ByteBuffer.allocate(28 + name.length)
        .put((byte) VERSION)
        .put((byte) SENDER_REPORT)
        .putShort((short) 6)
        .putInt(ssrc)
        .putLong(ntpTime)
        .putInt((int) rtpTimestamp)
        .putInt(packets)
        .putInt(octets)
        .put(name)
        .array();
  }

  private static byte[] sourceDescription(int ssrc, String cname) {
    int items = 2 + cname.length() + 1;
    int words = 1 + (items + 3) / 4;
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + 4 * words)
            .put((byte) (VERSION | 1))
            .put((byte) SOURCE_DESCRIPTION)
            .putShort((short) words)
            .putInt(ssrc)
            .put((byte) CNAME)
            .put((byte) cname.length());
    for (int i = 0; i < cname.length(); i++) {
      out.put((byte) cname.charAt(i));
    }
    return out.array();
  }

  /** Writes receiver reports, as many as the blocks need, and one if there are none. */
  public static byte[] receiverReport(int ssrc, List<ReportBlock> blocks) {
    int reports = Math.max(1, (blocks.size() + COUNT_MASK - 1) / COUNT_MASK);
    ByteBuffer out =
        ByteBuffer.allocate(reports * 2 * HEADER_BYTES + blocks.size() * REPORT_BLOCK_BYTES);
    for (int i = 0; i < reports; i++) {
      int end = Math.min(blocks.size(), (i + 1) * COUNT_MASK);
      write(ssrc, blocks.subList(i * COUNT_MASK, end), out);
    }
    return out.array();
  }

  private static void write(int ssrc, List<ReportBlock> blocks, ByteBuffer out) {
    out.put((byte) (VERSION | blocks.size()))
        .put((byte) RECEIVER_REPORT)
        .putShort((short) (1 + blocks.size() * REPORT_BLOCK_BYTES / 4))
        .putInt(ssrc);
    for (ReportBlock block : blocks) {
      out.putInt(block.ssrc())
          .putInt((block.fractionLost() << 24) | (block.cumulativeLost() & 0xFFFFFF))
          .putInt(block.extendedHighestSequence())
          .putInt(0)
          .putInt(block.lastSenderReport())
          .putInt(block.delaySinceLast());
    }
  }

  /**
   * Writes a negative acknowledgement (RFC 4585 section 6.2.1).
   *
   * @param sequenceNumbers in ascending order modulo 2<sup>16</sup>
   */
  public static byte[] nack(int ssrc, int mediaSsrc, List<Integer> sequenceNumbers) {
    List<Integer> entries = new ArrayList<>();
    int i = 0;
    while (i < sequenceNumbers.size()) {
      int first = sequenceNumbers.get(i++);
      int mask = 0;
      while (i < sequenceNumbers.size()) {
        int distance = (sequenceNumbers.get(i) - first) & 0xFFFF;
        if (distance > NACK_MASK_BITS) {
          break;
        }
        mask |= 1 << (distance - 1);
        i++;
      }
      entries.add((first << 16) | mask);
    }
    byte[] packet = feedback(TRANSPORT_FEEDBACK, FORMAT_NACK, ssrc, mediaSsrc, 4 * entries.size());
    ByteBuffer out = ByteBuffer.wrap(packet).position(FEEDBACK_HEADER_BYTES);
    entries.forEach(out::putInt);
    return packet;
  }

  /** Writes a picture loss indication (RFC 4585 section 6.3.1). */
  public static byte[] pictureLoss(int ssrc, int mediaSsrc) {
    return feedback(PAYLOAD_FEEDBACK, FORMAT_PLI, ssrc, mediaSsrc, 0);
  }

  /**
   * Writes a full intra request (RFC 5104 section 4.3.1.1).
   *
   * @param mediaSsrc whose stream is to begin anew
   * @param number one more for each request, 8 bits; a repetition has the same
   */
  public static byte[] fullIntraRequest(int ssrc, int mediaSsrc, int number) {
    byte[] request = feedback(PAYLOAD_FEEDBACK, FORMAT_FIR, ssrc, 0, FIR_ENTRY_BYTES);
    ByteBuffer unused =
        ByteBuffer.wrap(request)
            .putInt(FEEDBACK_HEADER_BYTES, mediaSsrc)
            .put(FEEDBACK_HEADER_BYTES + Integer.BYTES, (byte) number);
    return request;
  }

  private static byte[] feedback(int type, int format, int ssrc, int mediaSsrc, int room) {
    return ByteBuffer.allocate(FEEDBACK_HEADER_BYTES + room)
        .put((byte) (VERSION | format))
        .put((byte) type)
        .putShort((short) (2 + room / 4))
        .putInt(ssrc)
        .putInt(mediaSsrc)
        .array();
  }

  /** Reads a compound packet up to the first thing that is wrong with it. */
  public static void parse(byte[] buffer, int offset, int length, Listener listener) {
    ByteBuffer in = ByteBuffer.wrap(buffer, offset, length).slice();
    int at = 0;
    while (at + 2 * HEADER_BYTES <= length) {
      int format = in.get(at) & COUNT_MASK;
      int type = in.get(at + 1) & 0xFF;
      int end = at + HEADER_BYTES + 4 * (in.getShort(at + 2) & 0xFFFF);
      if (end > length) {
        return;
      }
      if (type == SENDER_REPORT && end - at >= SENDER_INFO_END) {
        listener.senderReport(
            new SenderReport(
                in.getInt(at + HEADER_BYTES),
                in.getLong(at + 8),
                Integer.toUnsignedLong(in.getInt(at + 16)),
                Integer.toUnsignedLong(in.getInt(at + 20)),
                Integer.toUnsignedLong(in.getInt(at + 24))));
        parseBlocks(in, format, at + SENDER_INFO_END, end, listener);
      } else if (type == RECEIVER_REPORT) {
        parseBlocks(in, format, at + 2 * HEADER_BYTES, end, listener);
      } else if (format == TransportFeedbackCodec.FORMAT) {
        try {
          parseCongestion(buffer, offset + at, end - at, type, listener);
        } catch (MalformedFeedbackException e) {
          listener.malformed();
          return;
        }
      } else if (end - at >= FEEDBACK_HEADER_BYTES) {
        parseFeedback(in, type, format, at, end, listener);
      }
      at = end;
    }
  }

  private static void parseCongestion(
      byte[] buffer, int offset, int length, int type, Listener listener)
      throws MalformedFeedbackException {
    if (type == TransportFeedbackCodec.PACKET_TYPE) {
      listener.transportFeedback(TransportFeedbackCodec.parse(buffer, offset, length));
    } else if (type == ReceiverEstimateCodec.PACKET_TYPE
        && ReceiverEstimateCodec.isEstimate(buffer, offset, length)) {
      listener.receiverEstimate(ReceiverEstimateCodec.parse(buffer, offset, length));
    }
  }

  private static void parseBlocks(ByteBuffer in, int count, int from, int end, Listener listener) {
    int at = from;
    for (int i = 0; i < count && at + REPORT_BLOCK_BYTES <= end; i++) {
      int loss = in.getInt(at + 4);
      listener.received(
          new ReportBlock(
              in.getInt(at),
              loss >>> 24,
              loss << 8 >> 8,
              in.getInt(at + 8),
              in.getInt(at + 16),
              in.getInt(at + 20)));
      at += REPORT_BLOCK_BYTES;
    }
  }

  private static void parseFeedback(
      ByteBuffer in, int type, int format, int at, int end, Listener listener) {
    int mediaSsrc = in.getInt(at + 8);
    if (type == TRANSPORT_FEEDBACK && format == FORMAT_NACK) {
      List<Integer> missing = new ArrayList<>();
      for (int entry = at + FEEDBACK_HEADER_BYTES; entry + 4 <= end; entry += 4) {
        int first = in.getShort(entry) & 0xFFFF;
        int mask = in.getShort(entry + 2) & 0xFFFF;
        missing.add(first);
        for (int bit = 0; bit < NACK_MASK_BITS; bit++) {
          if (((mask >> bit) & 1) != 0) {
            missing.add((first + 1 + bit) & 0xFFFF);
          }
        }
      }
      listener.nack(mediaSsrc, missing);
    } else if (type == PAYLOAD_FEEDBACK && format == FORMAT_PLI) {
      listener.keyFrameRequest(mediaSsrc);
    } else if (type == PAYLOAD_FEEDBACK && format == FORMAT_FIR) {
      for (int entry = at + FEEDBACK_HEADER_BYTES;
          entry + FIR_ENTRY_BYTES <= end;
          entry += FIR_ENTRY_BYTES) {
        listener.keyFrameRequest(in.getInt(entry));
      }
    }
  }
}
