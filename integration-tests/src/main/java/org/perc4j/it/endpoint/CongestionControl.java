/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.bridge.CongestionFeedback;
import org.perc4j.it.bridge.PayloadTypes;
import org.perc4j.it.congestion.ArrivalRecorder;
import org.perc4j.it.congestion.MalformedFeedbackException;
import org.perc4j.it.congestion.SendHistory;
import org.perc4j.it.congestion.TransportFeedback;
import org.perc4j.it.congestion.TransportFeedbackCodec;
import org.perc4j.it.congestion.TransportSequenceCodec;

/**
 * Congestion control of one transport, as it was negotiated: between the packets that go over it
 * and what reckons with them. Another transport has another one. Thread-safe.
 */
final class CongestionControl {
  private final CongestionFeedback feedback;
  private final SendHistory history = new SendHistory();
  private final ArrivalRecorder arrivals = new ArrivalRecorder();
  private final HeaderExtensionCursor extensions = new HeaderExtensionCursor();
  private final RtpPacketView view = new RtpPacketView();
  private final List<HeaderExtension> placeholders = new ArrayList<>();
  private int mediaSsrc;
  private long feedbackReceived;
  private long feedbackSent;
  private long paddingPackets;
  private long paddingOctets;

  CongestionControl(CongestionFeedback feedback) {
    this.feedback = feedback;
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      placeholders.add(
          new HeaderExtension(
              PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION,
              new byte[TransportSequenceCodec.LENGTH_BYTES]));
    }
  }

  /** Returns the extensions that a packet needs to have when it is {@linkplain #stamp stamped}. */
  List<HeaderExtension> extensions() {
    return placeholders;
  }

  /**
   * Puts the cursor on the number of the transport; tells if there is one that is reckoned with.
   */
  private boolean find(byte[] buffer, int offset, int length) throws MalformedPacketException {
    if (feedback == CongestionFeedback.NONE) {
      return false;
    }
    view.wrap(buffer, offset, length);
    extensions.wrap(view);
    return extensions.find(PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION);
  }

  /**
   * Writes into a packet that goes out next, before its outer layer, what the bridge reckons with.
   *
   * @param offset of the packet in the array
   */
  synchronized void stamp(byte[] buffer, int offset, int length) {
    try {
      if (find(buffer, offset, length)) {
        TransportSequenceCodec.write(history.nextSequenceNumber(), buffer, extensions.dataOffset());
      }
    } catch (MalformedPacketException e) {
      throw new IllegalArgumentException("own packet", e);
    }
  }

  /** The packet that was stamped goes out, with so many octets. */
  synchronized void sent(int octets, long nowNanos) {
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      history.sent(octets, false, nowNanos);
    }
  }

  /**
   * A packet came, and is without its outer layer.
   *
   * @param offset of the packet in the array
   * @param octets that it had when it came
   * @param nowNanos when it came
   */
  synchronized void arrived(byte[] buffer, int offset, int length, int octets, long nowNanos) {
    try {
      if (find(buffer, offset, length)) {
        arrivals.arrived(
            TransportSequenceCodec.parse(buffer, extensions.dataOffset(), extensions.dataLength()),
            octets,
            nowNanos);
        mediaSsrc = view.ssrc();
      }
    } catch (MalformedPacketException | MalformedFeedbackException e) {
      // Whoever takes the packet says what is wrong with it; a bridge that gives no proper numbers
      // gets no feedback.
      return;
    }
  }

  /** What {@linkplain #arrived arrived} was padding. */
  synchronized void wasPadding(int octets) {
    paddingPackets++;
    paddingOctets += octets;
  }

  /**
   * Returns the RTCP packets that tell of what came since the last time.
   *
   * @param reporterSsrc who tells
   */
  synchronized List<byte[]> dueFeedback(int reporterSsrc) {
    List<byte[]> due = new ArrayList<>();
    for (TransportFeedback message : arrivals.feedback(reporterSsrc, mediaSsrc)) {
      due.add(TransportFeedbackCodec.write(message));
      feedbackSent++;
    }
    return due;
  }

  /** The bridge tells of what was sent. */
  synchronized void apply(TransportFeedback message) {
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      feedbackReceived++;
      var unused = history.apply(message);
    }
  }

  synchronized CongestionStatistics statistics() {
    return new CongestionStatistics(
        feedback,
        history.packets(),
        history.octets(),
        history.acknowledged(),
        history.lost(),
        history.unknown(),
        feedbackReceived,
        arrivals.packets(),
        arrivals.octets(),
        arrivals.lost(),
        arrivals.duplicates(),
        feedbackSent,
        paddingPackets,
        paddingOctets);
  }
}
