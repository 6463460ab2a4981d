/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.transport.EndToEnd;

/**
 * Media under the keys of a session. Whose a packet is, its key says, and signalling has to agree.
 */
public final class SessionEndToEnd implements EndToEnd {
  private static final int SSRC_OFFSET = 8;

  private final ConferenceSession session;
  private final LatePackets late;
  private final Set<Integer> hinted = ConcurrentHashMap.newKeySet();

  /** Protects by a session that holds no packets, which stays its owner's. */
  public SessionEndToEnd(ConferenceSession session) {
    this(session, new LatePackets());
  }

  /**
   * Protects by a session, which stays its owner's.
   *
   * @param late what it gives packets to that it held
   */
  public SessionEndToEnd(ConferenceSession session, LatePackets late) {
    this.session = session;
    this.late = late;
  }

  @Override
  public DoubleSrtpResult protect(MediaPacket packet) {
    return session.protect(packet);
  }

  @Override
  public boolean canSend() {
    return session.canSend();
  }

  @Override
  public void whenLate(Consumer<MediaPacket> taker) {
    late.setTaker(taker);
  }

  @Override
  public long heldInVain() {
    return session.packetsHeldInVain();
  }

  @Override
  public DoubleSrtpResult unprotect(MediaPacket packet, String sender) {
    int ssrc = ByteBuffer.wrap(packet.buffer()).getInt(packet.offset() + SSRC_OFFSET);
    if (hinted.add(ssrc)) {
      session.ssrcOwner(ssrc, sender);
    }
    DoubleSrtpResult result = session.unprotect(packet);
    return result == DoubleSrtpResult.OK && !sender.equals(packet.senderOccupant())
        ? DoubleSrtpResult.INNER_AUTHENTICATION_FAILED
        : result;
  }
}
