/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.room.RoomEvent;

/**
 * Whatever happens to a conference, in any order: when it stops happening, those who are there
 * agree on one group within the bound. {@code -Dperc4j.seeds=1000} tries more.
 */
class ConvergenceTest {
  /** How long it may take from when the server is honest, and nobody is away. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("perc4j.seeds", 10));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void membersComeTogetherAfterTurmoil(long seed) {
    new Turmoil(seed, 0, false).run();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void membersComeTogetherAfterTurmoilWithMessagesLost(long seed) {
    new Turmoil(seed, 10, false).run();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void membersComeTogetherAfterStrangersRestartsDissentAndLies(long seed) {
    new Turmoil(seed, 5, true).run();
  }

  /** A conference to which things happen. */
  private static final class Turmoil {
    private final Random random;
    private final Random losses;
    private final int lossPercent;
    private final boolean hostile;
    private final Party party = new Party();
    private final Set<String> away = new TreeSet<>();
    private final Set<String> restarted = new TreeSet<>();
    private final List<Stranger> strangers = new ArrayList<>();

    /** Somebody whom some do not accept, and who comes and goes. */
    private final EndpointIdentity disputed = Party.identity("disputed");

    private boolean losing = true;
    private int names;

    /**
     * A new conference.
     *
     * @param hostile whether strangers speak, the server restarts and lies, and somebody is
     *     disputed, besides
     */
    Turmoil(long seed, int lossPercent, boolean hostile) {
      this.random = new Random(seed);
      this.losses = new Random(seed + 1000);
      this.lossPercent = lossPercent;
      this.hostile = hostile;
      party.room.intercept(
          (recipient, event) ->
              losing
                      && event instanceof RoomEvent.Received
                      && losses.nextInt(100) < this.lossPercent
                  ? List.of()
                  : List.of(event));
    }

    void run() {
      for (int i = 0; i < 60; i++) {
        step();
        party.time.pass(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 5000 : 300)));
      }
      losing = false;
      if (party.guests.containsKey("disputed")) {
        comeBack("disputed");
        party.leave("disputed");
      }
      for (String back : List.copyOf(away)) {
        comeBack(back);
      }
      tellTheTruth();
      party.enter("last", Party.identity("last"), validator());
      party.time.pass(BOUND);
      try {
        party.assertTogether(party.guests.keySet());
      } catch (AssertionError e) {
        party.guests.forEach((name, guest) -> e.addSuppressed(new AssertionError(story(guest))));
        throw e;
      }
    }

    /** Where somebody is, and how it came there. */
    private static String story(Party.Guest guest) {
      List<String> events = guest.events.stream().map(Object::toString).toList();
      return guest.name
          + (guest.isMember() ? " in " + guest.group().moment() : " in no group")
          + ", events "
          + events.subList(Math.max(0, events.size() - 12), events.size())
          + ", refused "
          + guest.refused.subList(Math.max(0, guest.refused.size() - 8), guest.refused.size());
    }

    private void step() {
      List<String> present = new ArrayList<>(party.guests.keySet());
      present.removeAll(away);
      String somebody = present.isEmpty() ? null : present.get(random.nextInt(present.size()));
      switch (random.nextInt(hostile ? 14 : 8)) {
        case 0, 1, 2 -> {
          if (party.guests.size() < 8) {
            String name = "m" + names++;
            party.enter(name, Party.identity(name), validator());
          }
        }
        case 3 -> {
          if (somebody != null) {
            party.leave(somebody);
          }
        }
        case 4 -> {
          if (somebody != null) {
            party.room.crash(somebody);
            party.guests.remove(somebody);
          }
        }
        case 5 -> {
          if (somebody != null && away.size() < 2) {
            party.room.disconnect(somebody);
            away.add(somebody);
          }
        }
        case 8 -> {
          if (strangers.size() < 3) {
            strangers.add(new Stranger(party, "stranger" + strangers.size()));
          }
        }
        case 9, 10 -> strangerSpeaks(somebody);
        case 11 -> {
          if (random.nextInt(4) == 0 && away.isEmpty()) {
            strangers.clear();
            party.room.restart();
            restarted.addAll(party.guests.keySet());
            away.addAll(party.guests.keySet());
          }
        }
        case 12 -> dispute();
        case 13 -> lie(present);
        default -> {
          if (!away.isEmpty()) {
            comeBack(away.iterator().next());
          }
        }
      }
    }

    private CredentialValidator validator() {
      boolean disputes = hostile && random.nextBoolean();
      return credential -> {
        if (credential.name().equals("stranger")
            || (disputes && credential.fingerprint().equals(disputed.fingerprint()))) {
          throw new RefusedException(Reason.CREDENTIAL, credential.name());
        }
      };
    }

    private void comeBack(String back) {
      if (away.remove(back)) {
        party.room.reconnect(back, !restarted.remove(back) && random.nextBoolean());
      }
    }

    private void strangerSpeaks(@Nullable String somebody) {
      if (strangers.isEmpty()) {
        return;
      }
      Stranger stranger = strangers.get(random.nextInt(strangers.size()));
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      byte[] groupId = new byte[32];
      random.nextBytes(groupId);
      switch (random.nextInt(5)) {
        case 0 -> stranger.broadcast(MessageKind.COMMIT, noise);
        case 1 -> stranger.show(new GroupMark(new GroupMoment(groupId, 3), new byte[32]));
        case 2 -> stranger.broadcast(MessageKind.ANNOUNCE, noise);
        case 3 -> {
          stranger.group = stranger.invents(random.nextInt(3));
          stranger.show(stranger.group.mark());
        }
        default -> {
          if (somebody != null) {
            stranger.send(somebody, MessageKind.ASK, new byte[GroupAnswer.NONCE_BYTES]);
          }
        }
      }
    }

    private void dispute() {
      if (party.guests.containsKey("disputed")) {
        if (!away.contains("disputed")) {
          party.leave("disputed");
        }
      } else {
        party.enter("disputed", disputed, validator());
      }
    }

    /** The server says to somebody that somebody else has left, or has come back. */
    private void lie(List<String> present) {
      if (present.size() < 2) {
        return;
      }
      String to = present.get(random.nextInt(present.size()));
      String about = present.get(random.nextInt(present.size()));
      if (!to.equals(about)) {
        tell(to, new RoomEvent.Departed(about));
        if (random.nextBoolean()) {
          party.time.pass(Duration.ofMillis(random.nextInt(3000)));
          if (party.guests.containsKey(to)) {
            tell(to, new RoomEvent.Arrived(about));
          }
        }
      }
    }

    private void tellTheTruth() {
      for (String to : party.guests.keySet()) {
        for (String about : party.guests.keySet()) {
          if (!to.equals(about)) {
            tell(to, new RoomEvent.Arrived(about));
            tell(to, new RoomEvent.Published(about, party.room.published(about)));
          }
        }
        for (String known : party.guest(to).protocol.present()) {
          if (!party.guests.containsKey(known) && !known.startsWith("stranger")) {
            tell(to, new RoomEvent.Departed(known));
          }
        }
      }
    }

    private void tell(String member, RoomEvent event) {
      Party.Guest guest = party.guest(member);
      party.time.execute(() -> guest.protocol.onEvent(event));
    }
  }
}
