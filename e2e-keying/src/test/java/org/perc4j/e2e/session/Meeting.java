/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.xmpp.InProcessRoom;

/** Sessions in one room without a server, in virtual time, and packets between them. */
abstract class Meeting {
  final InProcessRoom room = new InProcessRoom("talk@muc.example.org");
  final VirtualTime time = new VirtualTime(() -> room.runUntilIdle() > 0);

  /** By the names that the test gave them. */
  final Map<String, ConferenceSession> sessions = new LinkedHashMap<>();

  /** What they told, in order. */
  final Map<String, List<SessionEvent>> events = new LinkedHashMap<>();

  private int sequenceNumber;

  @CanIgnoreReturnValue
  ConferenceSession join(
      String name,
      String occupant,
      EndpointIdentity identity,
      CredentialValidator validator,
      SessionOptions options) {
    List<SessionEvent> heard = new ArrayList<>();
    events.put(name, heard);
    return join(name, occupant, identity, validator, options, (session, event) -> heard.add(event));
  }

  @CanIgnoreReturnValue
  ConferenceSession join(
      String name,
      String occupant,
      EndpointIdentity identity,
      CredentialValidator validator,
      SessionOptions options,
      ConferenceSession.Listener listener) {
    try {
      ConferenceSession session =
          ConferenceSession.join(
              room.channel(occupant), identity, validator, options, time, listener);
      sessions.put(name, session);
      return session;
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
  }

  void pass(long millis) {
    time.pass(Duration.ofMillis(millis));
  }

  ConferenceSession of(String name) {
    ConferenceSession session = sessions.get(name);
    assertNotNull(session);
    return session;
  }

  /** A packet of 60 octets, with another sequence number each time. */
  byte[] rtp(int ssrc) {
    byte[] packet = new byte[60];
    ByteBuffer header = ByteBuffer.wrap(packet);
    header.put((byte) 0x80).put((byte) 111).putShort((short) ++sequenceNumber);
    header.putInt(1000 * sequenceNumber).putInt(ssrc);
    Arrays.fill(packet, 12, 60, (byte) sequenceNumber);
    return packet;
  }

  /** A copy with room behind it. */
  static MediaPacket carry(byte[] octets) {
    return new MediaPacket().wrap(Arrays.copyOf(octets, octets.length + 100), 0, octets.length);
  }

  static byte[] octets(MediaPacket packet) {
    return Arrays.copyOfRange(packet.buffer(), packet.offset(), packet.offset() + packet.length());
  }
}
