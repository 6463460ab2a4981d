/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.it.harness.Await;

/** What all members must agree on. */
final class Checks {
  /** The default timers, but the long ones shorter. */
  static final SessionOptions IMPATIENT =
      SessionOptions.DEFAULT.withTiming(
          new ProtocolTiming(
              Duration.ofMillis(50),
              Duration.ofMillis(500),
              Duration.ofMillis(1500),
              Duration.ofSeconds(6),
              Duration.ofMillis(300),
              Duration.ofSeconds(1),
              Duration.ofSeconds(3),
              Duration.ofSeconds(60),
              Duration.ofSeconds(20)));

  private static final int HEADER_BYTES = 12;
  private static final int PAYLOAD_BYTES = 40;

  private static int sequenceNumber;

  private Checks() {}

  /**
   * Waits until all are in one epoch, and has the first, the last and one between them compare
   * their codes and send to each other.
   */
  static void assertAgreed(Gathering gathering, Duration timeout) throws Exception {
    gathering.awaitTogether(timeout);
    List<Attendee> all = gathering.attendees();
    Attendee first = all.get(0);
    Attendee last = all.get(all.size() - 1);
    Attendee middle = all.get(all.size() / 2);
    Await.until(
        "one code",
        timeout,
        () -> first.session().epochCode().digits().equals(last.session().epochCode().digits()));
    for (Attendee sender : List.of(first, middle, last)) {
      for (Attendee receiver : List.of(first, middle, last)) {
        if (receiver != sender) {
          assertHears(sender, receiver);
        }
      }
    }
  }

  /** Soon; at first the sender may still be in an epoch that the receiver was not in. */
  static void assertHears(Attendee sender, Attendee receiver) throws Exception {
    receiver.session().ssrcOwner(sender.occupant().hashCode(), sender.occupant());
    Await.until(
        receiver + " hears " + sender, Duration.ofSeconds(5), () -> isHeard(sender, receiver));
  }

  /** Tells whether one packet from one to the other is taken. */
  static boolean isHeard(Attendee sender, Attendee receiver) {
    byte[] buffer = new byte[HEADER_BYTES + PAYLOAD_BYTES + InnerSender.OVERHEAD_BYTES];
    sequenceNumber++;
    ByteBuffer.wrap(buffer)
        .put((byte) 0x80)
        .put((byte) 111)
        .putShort((short) sequenceNumber)
        .putInt(0)
        .putInt(sender.occupant().hashCode());
    MediaPacket packet =
        new MediaPacket().wrap(buffer, 0, HEADER_BYTES + PAYLOAD_BYTES, buffer.length);
    assertEquals(DoubleSrtpResult.OK, sender.session().protect(packet));
    MediaPacket received = new MediaPacket().wrap(buffer, 0, packet.length(), buffer.length);
    if (receiver.session().unprotect(received) != DoubleSrtpResult.OK) {
      return false;
    }
    assertEquals(sender.identity().name(), received.senderName());
    assertEquals(sender.occupant(), received.senderOccupant());
    return true;
  }
}
