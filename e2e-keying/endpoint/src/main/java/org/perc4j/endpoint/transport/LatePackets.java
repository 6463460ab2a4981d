/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.util.function.Consumer;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.srtp.MediaPacket;

/** Passes on what a session held to somebody who is not there yet when it begins. Thread-safe. */
public final class LatePackets implements ConferenceSession.PacketListener {
  private volatile Consumer<MediaPacket> taker = unused -> {};

  @Override
  public void packet(ConferenceSession session, MediaPacket packet) {
    taker.accept(packet);
  }

  /** Has somebody take what comes from now on, in the place of whoever did. */
  public void setTaker(Consumer<MediaPacket> taker) {
    this.taker = taker;
  }
}
