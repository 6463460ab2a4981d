/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.it.transport.EndToEnd;

/**
 * Media under the keys of a session. Whose a packet is, its key says, and signalling has to agree.
 */
public final class SessionEndToEnd implements EndToEnd {
  private static final int SSRC_OFFSET = 8;

  private final ConferenceSession session;
  private final Set<Integer> hinted = ConcurrentHashMap.newKeySet();

  /** Protects by a session, which stays its owner's. */
  public SessionEndToEnd(ConferenceSession session) {
    this.session = session;
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
  public @Nullable Object epoch() {
    return session.moment();
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
