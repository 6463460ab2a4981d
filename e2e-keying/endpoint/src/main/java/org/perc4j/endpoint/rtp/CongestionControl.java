/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.perc4j.endpoint.congestion.AbsoluteSendTimeCodec;
import org.perc4j.endpoint.congestion.ArrivalRecorder;
import org.perc4j.endpoint.congestion.MalformedFeedbackException;
import org.perc4j.endpoint.congestion.PacketResult;
import org.perc4j.endpoint.congestion.ProbeController;
import org.perc4j.endpoint.congestion.ReceiverEstimate;
import org.perc4j.endpoint.congestion.ReceiverEstimateCodec;
import org.perc4j.endpoint.congestion.ReceiverEstimator;
import org.perc4j.endpoint.congestion.SendHistory;
import org.perc4j.endpoint.congestion.SendRateEstimator;
import org.perc4j.endpoint.congestion.TransportFeedback;
import org.perc4j.endpoint.congestion.TransportFeedbackCodec;
import org.perc4j.endpoint.congestion.TransportSequenceCodec;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * Congestion control of one transport, as it was negotiated: between the packets that go over it
 * and what reckons with them. Another transport has another one. Thread-safe.
 */
public final class CongestionControl {
  /** What a call begins with. */
  public static final long START_BPS = 300_000;

  private static final long MIN_BPS = 30_000;
  private static final long MAX_BPS = 30_000_000;
  private static final double MAX_UNUSED_SECONDS = 0.05;
  private static final int MAX_ESTIMATED_SSRCS = 32;

  private final CongestionFeedback feedback;
  private final SendHistory history = new SendHistory();
  private final SendRateEstimator estimator = new SendRateEstimator(START_BPS, MIN_BPS, MAX_BPS);
  private final ProbeController probing = new ProbeController();
  private final Map<Integer, Integer> reportedHighest = new HashMap<>();
  private final ArrivalRecorder arrivals = new ArrivalRecorder();
  private final ReceiverEstimator receiver = new ReceiverEstimator(START_BPS, MIN_BPS, MAX_BPS);
  private final Set<Integer> estimatedSsrcs = new LinkedHashSet<>();
  private final HeaderExtensionCursor extensions = new HeaderExtensionCursor();
  private final RtpPacketView view = new RtpPacketView();
  private final List<HeaderExtension> placeholders;
  private int mediaSsrc;
  private long feedbackReceived;
  private long feedbackSent;
  private double unusedOctets;
  private long lastFillNanos;
  private long paddingPackets;
  private long paddingOctets;

  /** A transport that has not carried anything. */
  public CongestionControl(CongestionFeedback feedback) {
    this.feedback = feedback;
    placeholders =
        switch (feedback) {
          case NONE -> List.of();
          case TRANSPORT_WIDE ->
              List.of(
                  new HeaderExtension(
                      PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION,
                      new byte[TransportSequenceCodec.LENGTH_BYTES]));
          case RECEIVER_ESTIMATE ->
              List.of(
                  new HeaderExtension(
                      PayloadTypes.SEND_TIME_EXTENSION,
                      new byte[AbsoluteSendTimeCodec.LENGTH_BYTES]));
        };
  }

  /** Returns the extensions that a packet needs to have when it is {@linkplain #stamp stamped}. */
  public List<HeaderExtension> extensions() {
    return placeholders;
  }

  /** Puts the cursor on the extension of a packet that is reckoned with; tells if it is there. */
  private boolean find(byte[] buffer, int offset, int length) throws MalformedPacketException {
    if (placeholders.isEmpty()) {
      return false;
    }
    view.wrap(buffer, offset, length);
    extensions.wrap(view);
    return extensions.find(placeholders.get(0).id());
  }

  /**
   * Writes into a packet that goes out next, before its outer layer, what the bridge reckons with.
   *
   * @param offset of the packet in the array
   */
  public synchronized void stamp(byte[] buffer, int offset, int length, long nowNanos) {
    try {
      if (!find(buffer, offset, length)) {
        return;
      }
    } catch (MalformedPacketException e) {
      throw new IllegalArgumentException("own packet", e);
    }
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      TransportSequenceCodec.write(history.nextSequenceNumber(), buffer, extensions.dataOffset());
    } else {
      AbsoluteSendTimeCodec.write(nowNanos, buffer, extensions.dataOffset());
    }
  }

  /** The packet that was stamped goes out, with so many octets. */
  public synchronized void sent(int octets, long nowNanos) {
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      history.sent(octets, probing.isProbing(), nowNanos);
    }
    unusedOctets -= octets;
  }

  /**
   * A packet came, and is without its outer layer.
   *
   * @param offset of the packet in the array
   * @param octets that it had when it came
   * @param nowNanos when it came
   */
  public synchronized void arrived(
      byte[] buffer, int offset, int length, int octets, long nowNanos) {
    try {
      if (!find(buffer, offset, length)) {
        return;
      }
      int at = extensions.dataOffset();
      if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
        arrivals.arrived(
            TransportSequenceCodec.parse(buffer, at, extensions.dataLength()), octets, nowNanos);
        mediaSsrc = view.ssrc();
      } else {
        receiver.arrived(
            AbsoluteSendTimeCodec.parse(buffer, at, extensions.dataLength()), octets, nowNanos);
        if (estimatedSsrcs.size() < MAX_ESTIMATED_SSRCS) {
          boolean unused = estimatedSsrcs.add(view.ssrc());
        }
      }
    } catch (MalformedPacketException | MalformedFeedbackException e) {
      // Whoever takes the packet says what is wrong with it; a bridge that gives no proper numbers
      // gets no feedback.
      return;
    }
  }

  /** What {@linkplain #arrived arrived} was padding. */
  public synchronized void wasPadding(int octets) {
    paddingPackets++;
    paddingOctets += octets;
  }

  /**
   * Returns the RTCP packets that tell of what came since the last time.
   *
   * @param reporterSsrc who tells
   */
  public synchronized List<byte[]> dueFeedback(int reporterSsrc, long nowNanos) {
    List<byte[]> due = new ArrayList<>();
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      for (TransportFeedback message : arrivals.feedback(reporterSsrc, mediaSsrc)) {
        due.add(TransportFeedbackCodec.write(message));
      }
    } else if (feedback == CongestionFeedback.RECEIVER_ESTIMATE) {
      long bps = receiver.due(nowNanos);
      if (bps > 0) {
        due.add(
            ReceiverEstimateCodec.write(
                new ReceiverEstimate(reporterSsrc, bps, List.copyOf(estimatedSsrcs))));
      }
    }
    feedbackSent += due.size();
    return due;
  }

  /** The bridge tells of what was sent. */
  public synchronized void apply(TransportFeedback message, long nowNanos) {
    if (feedback == CongestionFeedback.TRANSPORT_WIDE) {
      feedbackReceived++;
      List<PacketResult> results = history.apply(message);
      estimator.update(results, nowNanos);
      probing.update(results, estimator, nowNanos);
    }
  }

  /** The bridge says how much it can have. */
  public synchronized void apply(ReceiverEstimate estimate) {
    if (feedback == CongestionFeedback.RECEIVER_ESTIMATE) {
      feedbackReceived++;
      estimator.limitTo(estimate.bitsPerSecond());
    }
  }

  /** The bridge reports on a stream, which counts where it tells of no single packets. */
  public synchronized void apply(Rtcp.ReportBlock block, long nowNanos) {
    if (feedback != CongestionFeedback.RECEIVER_ESTIMATE) {
      return;
    }
    if (reportedHighest.size() >= MAX_ESTIMATED_SSRCS
        && !reportedHighest.containsKey(block.ssrc())) {
      return;
    }
    Integer former = reportedHighest.put(block.ssrc(), block.extendedHighestSequence());
    int packets = former == null ? 0 : block.extendedHighestSequence() - former;
    if (packets > 0) {
      estimator.reported(packets, (packets * block.fractionLost()) >> 8, nowNanos);
    }
  }

  /** Returns how fast to send, in bits per second; as fast as can be if nobody tells. */
  public synchronized double targetBps() {
    return feedback == CongestionFeedback.NONE ? MAX_BPS : estimator.targetBps();
  }

  /** Returns how many octets to send now to see whether they get through. */
  public synchronized int paddingDue(double wantedBps, long nowNanos) {
    return switch (feedback) {
      case NONE -> 0;
      case TRANSPORT_WIDE -> probing.paddingDue(history, estimator, wantedBps, nowNanos);
      case RECEIVER_ESTIMATE -> fillUp(wantedBps, nowNanos);
    };
  }

  /** A receiver that estimates goes up no further than half above what it gets. */
  private int fillUp(double wantedBps, long nowNanos) {
    double targetBps = estimator.targetBps();
    double room = targetBps * MAX_UNUSED_SECONDS / 8;
    unusedOctets += targetBps * (nowNanos - lastFillNanos) / 8e9;
    unusedOctets = Math.max(-room, Math.min(room, unusedOctets));
    lastFillNanos = nowNanos;
    return wantedBps > targetBps ? (int) Math.max(0, unusedOctets) : 0;
  }

  public synchronized CongestionStatistics statistics() {
    return new CongestionStatistics(
        feedback,
        history.packets(),
        history.octets(),
        history.acknowledged(),
        history.lost(),
        history.unknown(),
        feedbackReceived,
        estimator.targetBps(),
        estimator.acknowledgedBps(),
        estimator.roundTripMillis(),
        probing.clusters(),
        arrivals.packets(),
        arrivals.octets(),
        arrivals.lost(),
        arrivals.duplicates(),
        feedbackSent,
        receiver.estimateBps(),
        paddingPackets,
        paddingOctets);
  }
}
