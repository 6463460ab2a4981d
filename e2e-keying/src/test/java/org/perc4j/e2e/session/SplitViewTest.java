/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.xmpp.InProcessRoom;

/**
 * The server shows the room's messages to two halves of the members in two orders, each with its
 * own commit first.
 */
class SplitViewTest extends Meeting {
  private static final Set<String> LEFT = Set.of("a", "b", "c", "late");
  private static final List<String> MEMBERS = List.of("a", "b", "c", "d", "e", "f");

  /** A server that keeps the commits of one half from the other until that has one of its own. */
  private static final class Splitting implements InProcessRoom.Interceptor {
    private final boolean keepsPublishedInfo;
    private final Map<String, List<RoomEvent>> held = new LinkedHashMap<>();
    private final Set<String> haveOwnCommit = new HashSet<>();
    private boolean stopped;

    /**
     * A server that splits the room.
     *
     * @param keepsPublishedInfo whether it shows nobody what the other half publishes
     */
    Splitting(boolean keepsPublishedInfo) {
      this.keepsPublishedInfo = keepsPublishedInfo;
    }

    /** Holds nothing back from now on; what it has held it shows when next there is something. */
    void stop() {
      stopped = true;
    }

    @Override
    public List<RoomEvent> deliver(String recipient, RoomEvent event) {
      if (stopped) {
        List<RoomEvent> all = held.getOrDefault(recipient, new ArrayList<>());
        held.put(recipient, new ArrayList<>());
        all.add(event);
        return all;
      }
      if (event instanceof RoomEvent.Published published
          && keepsPublishedInfo
          && isAcross(recipient, published.occupant())) {
        hold(recipient, event);
        return List.of();
      }
      if (!(event instanceof RoomEvent.Received received)
          || !received.kind().equals(MessageKind.COMMIT)
          || recipient.equals("late")) {
        return List.of(event);
      }
      if (isAcross(recipient, received.occupant())) {
        if (haveOwnCommit.contains(recipient)) {
          return List.of(event);
        }
        hold(recipient, event);
        return List.of();
      }
      List<RoomEvent> ordered = new ArrayList<>();
      ordered.add(event);
      if (haveOwnCommit.add(recipient)) {
        List<RoomEvent> waiting = held.getOrDefault(recipient, new ArrayList<>());
        waiting.removeIf(
            earlier -> {
              boolean commit = earlier instanceof RoomEvent.Received;
              if (commit) {
                ordered.add(earlier);
              }
              return commit;
            });
      }
      return ordered;
    }

    private void hold(String recipient, RoomEvent event) {
      held.computeIfAbsent(recipient, unused -> new ArrayList<>()).add(event);
    }

    private static boolean isAcross(String recipient, String occupant) {
      return LEFT.contains(recipient) != LEFT.contains(occupant);
    }
  }

  private void join(String name) {
    join(name, name, Party.identity(name), credential -> {}, time.sessionOptions());
  }

  private GroupMoment moment(String name) {
    GroupMoment moment = of(name).moment();
    assertNotNull(moment, name + " is in no group");
    return moment;
  }

  /** What the code of the epoch is made of, slowly. */
  private String authenticator(String name) {
    MlsGroup group = of(name).group();
    assertNotNull(group);
    return HexFormat.of().formatHex(group.authenticator());
  }

  private String code(String name) {
    return of(name).epochCode().digits();
  }

  private void sixMembers() {
    for (String name : MEMBERS) {
      join(name);
      pass(1000);
    }
    pass(5000);
    assertHeard(true);
  }

  /**
   * Everyone sends to everyone: what is taken is what was sent, by whom it was sent.
   *
   * @param across whether the halves can hear each other
   */
  private void assertHeard(boolean across) {
    for (String sender : sessions.keySet()) {
      int ssrc = sender.hashCode();
      byte[] rtp = rtp(ssrc);
      MediaPacket packet = carry(rtp);
      assertEquals(DoubleSrtpResult.OK, of(sender).protect(packet), sender);
      byte[] onItsWay = octets(packet);
      for (String receiver : sessions.keySet()) {
        if (receiver.equals(sender)) {
          continue;
        }
        of(receiver).ssrcOwner(ssrc, sender);
        MediaPacket arrived = carry(onItsWay);
        DoubleSrtpResult result = of(receiver).unprotect(arrived);
        String what = sender + " -> " + receiver;
        if (across || LEFT.contains(sender) == LEFT.contains(receiver)) {
          assertEquals(DoubleSrtpResult.OK, result, what);
          assertEquals(sender, arrived.senderName());
          assertArrayEquals(rtp, octets(arrived));
        } else {
          assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, result, what);
          assertArrayEquals(onItsWay, octets(arrived), what);
        }
      }
    }
  }

  private <T extends SessionEvent> long told(Class<T> type) {
    return events.values().stream().flatMap(List::stream).filter(type::isInstance).count();
  }

  private void assertSplit() {
    long epoch = moment("a").epoch();
    for (String name : sessions.keySet()) {
      assertEquals(epoch, moment(name).epoch(), "the epoch of " + name);
      assertEquals(
          authenticator(LEFT.contains(name) ? "a" : "d"), authenticator(name), "as " + name);
    }
    assertNotEquals(authenticator("a"), authenticator("d"));
    assertHeard(false);
  }

  private void assertTogether() {
    for (String name : sessions.keySet()) {
      assertTrue(moment(name).isSame(moment("a")), name + " is elsewhere");
      assertEquals(authenticator("a"), authenticator(name), name);
      Roster roster = of(name).roster();
      assertNotNull(roster);
      assertEquals(sessions.size(), roster.size());
    }
    assertHeard(true);
  }

  @Test
  void theCodesDifferAndEachHalfIsClosedToTheOther() throws RoomException {
    sixMembers();
    Splitting server = new Splitting(true);
    room.intercept(server);
    join("late");
    // a commits at once, d when those before it have let their time pass
    pass(6000);
    assertSplit();
    assertEquals(code("a"), code("late"));
    assertEquals(code("d"), code("e"));
    assertNotEquals(code("a"), code("d"));
    // each half was shown the other's commit, too late for it
    for (String name : MEMBERS) {
      assertTrue(of(name).refusals().getOrDefault(Reason.PAST_EPOCH, 0L) > 0, name);
    }
    // as long as the server likes
    pass(60_000);
    assertSplit();
    assertEquals(0, told(SessionEvent.Degraded.class));

    // it stops, and shows what it held
    server.stop();
    room.channel("somebody").enter(event -> {});
    pass(30_000);
    assertTogether();
    assertTrue(told(SessionEvent.Degraded.class) > 0);
    assertEquals(told(SessionEvent.Degraded.class), told(SessionEvent.Recovered.class));
  }

  @Test
  void membersThatSeeWhatIsPublishedComeTogetherByThemselves() {
    sixMembers();
    room.intercept(new Splitting(false));
    join("late");
    boolean split = false;
    for (int i = 0; i < 120; i++) {
      pass(250);
      split |= !authenticator("a").equals(authenticator("d"));
    }
    assertTrue(split, "the server never split the room");
    assertTogether();
    assertTrue(told(SessionEvent.Degraded.class) > 0);
    assertEquals(told(SessionEvent.Degraded.class), told(SessionEvent.Recovered.class));
  }
}
