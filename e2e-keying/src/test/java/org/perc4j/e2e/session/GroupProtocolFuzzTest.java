/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.fuzzing.FuzzInput;

/**
 * A room in which somebody without a credential says anything, replays and changes what was said,
 * and a server that lets it speak in the members' names. The members' group stays what it is, and
 * the next who joins gets in.
 */
class GroupProtocolFuzzTest {
  private static final Logger LOGGER = Logger.getLogger("org.perc4j.e2e.session");
  private static final List<String> KINDS =
      List.of(MessageKind.ANNOUNCE, MessageKind.COMMIT, MessageKind.WELCOME, "other");
  private static final List<String> NAMES = List.of("stranger", "a", "b");
  private static final EndpointIdentity A = Party.identity("a");
  private static final EndpointIdentity B = Party.identity("b");
  private static final EndpointIdentity C = Party.identity("c");
  private static final int MAX_STEPS = 12;

  private final Party party = new Party();
  private final List<byte[]> heard = new ArrayList<>();
  private @Nullable String inTheNameOf;

  @FuzzTest
  void room(byte[] octets) throws RoomException {
    LOGGER.setLevel(Level.OFF);
    new GroupProtocolFuzzTest().run(new FuzzInput(octets));
  }

  private void run(FuzzInput input) throws RoomException {
    party.room.intercept((recipient, event) -> List.of(heard(event)));
    RoomChannel stranger = party.room.channel("stranger");
    party.enter("a", A, credential -> {});
    pass(0);
    stranger.enter(event -> {});
    party.enter("b", B, credential -> {});
    pass(5000);
    party.assertTogether("a", "b");
    MlsGroup group = party.guest("a").group();
    byte[] authenticator = group.authenticator();

    for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
      inTheNameOf = NAMES.get(input.below(NAMES.size()));
      String kind = KINDS.get(input.below(KINDS.size()));
      switch (input.below(6)) {
        case 0 -> stranger.broadcast(kind, said(input));
        case 1 -> stranger.sendTo(input.flag() ? "a" : "b", kind, said(input));
        case 2 -> stranger.publish(said(input));
        case 3 -> stranger.broadcast(kind, input.vector());
        case 4 -> pass(100L * input.octet());
        default -> pass(0);
      }
    }
    inTheNameOf = null;
    pass(20_000);
    party.assertTogether("a", "b");
    assertEquals(1, party.guest("a").group().moment().epoch());
    assertArrayEquals(authenticator, party.guest("b").group().authenticator());
    assertTrue(party.guest("a").sending && party.guest("b").sending);

    party.enter("c", C, credential -> {});
    pass(60_000);
    party.assertTogether("a", "b", "c");
  }

  private byte[] said(FuzzInput input) {
    return input.mutated(heard.get(input.octet() % heard.size()));
  }

  private RoomEvent heard(RoomEvent event) {
    String name = inTheNameOf;
    if (event instanceof RoomEvent.Received received) {
      if (!received.occupant().equals("stranger")) {
        heard.add(received.octets());
      } else if (name != null) {
        return new RoomEvent.Received(name, received.toAll(), received.kind(), received.octets());
      }
    } else if (event instanceof RoomEvent.Published published) {
      if (!published.occupant().equals("stranger")) {
        heard.add(published.octets());
      } else if (name != null) {
        return new RoomEvent.Published(name, published.octets());
      }
    }
    return event;
  }

  private void pass(long millis) {
    party.time.pass(Duration.ofMillis(millis));
  }
}
