/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.congestion.EncodingLadder;
import org.perc4j.endpoint.congestion.Pacer;

/**
 * Sends no more than the transport carries: spreads packets over time, leaves out qualities of
 * video for which there is no room, and finds out whether there is more. On the endpoint's media
 * thread only.
 */
final class AdaptiveSender {
  /** So long a packet of video may wait; what would come later is of no use. */
  private static final double MAX_WAIT_SECONDS = 1;

  /**
   * A packet without its outer layer.
   *
   * @param buffer holds it from its first octet on, with room behind it; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Packet(byte[] buffer, int length) {}

  /** The transport. */
  interface Output {
    /** Sends a packet now. */
    void send(Packet packet) throws IOException;

    /** Sends something that carries nothing new now; returns its octets, 0 if there is nothing. */
    int pad() throws IOException;
  }

  private final @Nullable Qualities layers;
  private final double besidesBps;
  private final @Nullable EncodingLadder ladder;
  private final Pacer<Packet> pacer;
  private final Output output;
  private volatile int rung = EncodingLadder.NOTHING;

  /** Whether there should be padding, but nothing was sent yet that could be sent again. */
  private boolean untried;

  /**
   * A sender.
   *
   * @param layers what can be left out; or null
   * @param besidesBps what else is sent
   * @param startBps until an estimate is there
   */
  AdaptiveSender(@Nullable Qualities layers, double besidesBps, double startBps, Output output) {
    this.layers = layers;
    this.besidesBps = besidesBps;
    this.output = output;
    pacer = new Pacer<>(startBps, MAX_WAIT_SECONDS);
    ladder = layers == null ? null : new EncodingLadder(layers.neededBps());
    if (layers != null) {
      layers.allow(EncodingLadder.NOTHING);
    }
  }

  /** Sends a packet when its turn comes; urgent ones at once. */
  void offer(Packet packet, boolean isUrgent, long nowNanos) throws IOException {
    // What is refused looks like a loss, and is repaired as one if it still matters.
    boolean unused = pacer.offer(packet, packet.length(), isUrgent);
    if (isUrgent) {
      drain(nowNanos);
    }
  }

  private void drain(long nowNanos) throws IOException {
    for (Packet packet = pacer.poll(nowNanos); packet != null; packet = pacer.poll(nowNanos)) {
      output.send(packet);
    }
  }

  /** Goes on; to be called each few milliseconds. */
  void tick(CongestionControl control, long nowNanos) throws IOException {
    double targetBps = control.targetBps();
    pacer.setTarget(targetBps);
    double wantedBps = 0;
    if (layers != null && ladder != null) {
      rung = ladder.update(targetBps - besidesBps, nowNanos);
      // Who needs more than a call begins with would never begin.
      layers.allow(untried ? Math.max(rung, 0) : rung);
      wantedBps = ladder.wantedBps() + besidesBps;
    }
    drain(nowNanos);
    int due = control.paddingDue(wantedBps, nowNanos);
    while (due > 0) {
      int sent = output.pad();
      untried = sent == 0;
      if (untried) {
        return;
      }
      pacer.sent(sent);
      due -= sent;
    }
  }

  /** Returns the highest quality that is sent, or {@link EncodingLadder#NOTHING}; any thread. */
  int rung() {
    return rung;
  }
}
