/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.xmpp.InProcessRoom;

/**
 * Many who come at once, in one process. The benchmark does the same with 500; each of them
 * verifies all others, so that the work grows with the square of their number.
 */
class CrowdTest {
  private static final int MEMBERS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @Test
  void twoHundredComeTogetherAndOneLeaves() throws Exception {
    ExecutorService delivery = Executors.newSingleThreadExecutor();
    InProcessRoom room = new InProcessRoom("crowd@conference.meet.example", delivery);
    try (Gathering gathering =
        new Gathering(SessionOptions.DEFAULT.withoutCodes(), ServedLoop::new)) {
      List<RoomChannel> channels = new ArrayList<>();
      for (int i = 0; i < MEMBERS; i++) {
        channels.add(room.channel("m" + i));
      }
      gathering.joinAtOnce(channels);
      gathering.awaitTogether(PATIENCE);
      gathering.leave("m7");
      gathering.awaitTogether(PATIENCE);
      for (Attendee attendee : gathering.attendees()) {
        assertEquals(0, attendee.refusals(Reason.NOT_AUTHENTIC), attendee.toString());
        assertEquals(0, attendee.refusals(Reason.CREDENTIAL), attendee.toString());
        assertTrue(!attendee.wasTold(SessionEvent.Ended.class), attendee.toString());
      }
    } finally {
      delivery.shutdown();
    }
  }
}
