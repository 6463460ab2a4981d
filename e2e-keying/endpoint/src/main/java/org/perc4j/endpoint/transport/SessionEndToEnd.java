/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.signalling.AnnouncedSources;

/**
 * Media under the keys of a session. Whose a packet is, its key says, and signalling has to agree.
 * Packets are protected and unprotected on the thread of the media.
 */
public final class SessionEndToEnd implements EndToEnd {
  private static final int SSRC_OFFSET = 8;

  private final ConferenceSession session;
  private final LatePackets late;

  /** Whose stream the session was told that it is, by SSRC, oldest first. */
  private final Map<Integer, String> hints = new LinkedHashMap<>();

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
    hint(ByteBuffer.wrap(packet.buffer()).getInt(packet.offset() + SSRC_OFFSET), sender);
    DoubleSrtpResult result = session.unprotect(packet);
    return result == DoubleSrtpResult.OK && !sender.equals(packet.senderOccupant())
        ? DoubleSrtpResult.INNER_AUTHENTICATION_FAILED
        : result;
  }

  private void hint(int ssrc, String sender) {
    if (sender.equals(hints.put(ssrc, sender))) {
      return;
    }
    session.ssrcOwner(ssrc, sender);
    if (hints.size() > AnnouncedSources.MAX_SSRCS) {
      Iterator<Integer> oldest = hints.keySet().iterator();
      session.forgetSsrcOwner(oldest.next());
      oldest.remove();
    }
  }
}
