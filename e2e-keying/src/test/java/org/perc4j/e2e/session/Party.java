/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.LeafStatement;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Role;
import org.perc4j.e2e.mls.SpokenProtection;
import org.perc4j.e2e.protocol.GroupProtocol;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.xmpp.InProcessRoom;

/** Several occupants of an in-process room, in virtual time and by one thread. */
final class Party {
  /** An occupant with its protocol, and what it was told. */
  static final class Guest implements GroupProtocol.Listener {
    final String name;
    final RoomChannel channel;
    final EndpointIdentity identity;
    final List<SessionEvent> events = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final List<Reason> reasons = new ArrayList<>();
    boolean sending;

    /** For each epoch, how many members have its keys, and how to go over to them. */
    final List<String> keys = new ArrayList<>();

    final GroupProtocol protocol;

    Guest(
        Party party,
        String occupant,
        EndpointIdentity identity,
        Role role,
        CredentialValidator validator) {
      this.name = occupant;
      this.identity = identity;
      this.channel = party.way.apply(party.room.channel(occupant));
      this.protocol =
          new GroupProtocol(
              party.time,
              channel,
              identity,
              new LeafStatement(role, SpokenProtection.DOUBLE_ONLY),
              new GroupPolicy(channel.room(), validator, 1000, party.time.clock()),
              ProtocolTiming.DEFAULT,
              new SecureRandom(),
              this);
    }

    @Override
    public void epoch(MlsGroup group, boolean immediately) {
      sending = true;
      events.add(new SessionEvent.EpochChanged(group.moment(), group.roster()));
      keys.add(group.roster().size() + " members" + (immediately ? " at once" : " soon"));
    }

    @Override
    public void event(SessionEvent event) {
      events.add(event);
    }

    @Override
    public void refused(String occupant, Reason reason, String detail) {
      refused.add(occupant + " " + detail);
      reasons.add(reason);
    }

    @Override
    public void stopSending() {
      sending = false;
    }

    MlsGroup group() {
      MlsGroup group = protocol.group();
      assertNotNull(group, name + " is in no group; refused " + refused);
      return group;
    }

    boolean isMember() {
      return protocol.group() != null;
    }

    @Nullable SessionEvent last(Class<? extends SessionEvent> type) {
      SessionEvent found = null;
      for (SessionEvent event : events) {
        if (type.isInstance(event)) {
          found = event;
        }
      }
      return found;
    }
  }

  final InProcessRoom room = new InProcessRoom("talk@muc.example.org");
  final VirtualTime time = new VirtualTime(() -> room.runUntilIdle() > 0);
  final Map<String, Guest> guests = new LinkedHashMap<>();
  private final UnaryOperator<RoomChannel> way;

  /** A party of nobody yet. */
  Party() {
    this(UnaryOperator.identity());
  }

  /**
   * A party of nobody yet.
   *
   * @param way makes of an occupant's way into the room the one that it takes
   */
  Party(UnaryOperator<RoomChannel> way) {
    this.way = way;
  }

  static EndpointIdentity identity(String name) {
    return EndpointIdentity.generate(name, new SecureRandom());
  }

  @CanIgnoreReturnValue
  Guest enter(String occupant) {
    return enter(occupant, identity(occupant), credential -> {});
  }

  /** Enters as one of the audience. */
  @CanIgnoreReturnValue
  Guest listen(String occupant) {
    return enter(occupant, identity(occupant), Role.LISTENER, credential -> {});
  }

  @CanIgnoreReturnValue
  Guest enter(String occupant, EndpointIdentity identity, CredentialValidator validator) {
    return enter(occupant, identity, Role.SPEAKER, validator);
  }

  private Guest enter(
      String occupant, EndpointIdentity identity, Role role, CredentialValidator validator) {
    Guest guest = new Guest(this, occupant, identity, role, validator);
    guests.put(occupant, guest);
    try {
      guest.channel.enter(event -> time.execute(() -> guest.protocol.onEvent(event)));
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
    return guest;
  }

  /** From now on nobody gets messages of this kind. */
  void lose(String kind) {
    room.intercept(
        (recipient, event) ->
            event instanceof RoomEvent.Received received && received.kind().equals(kind)
                ? List.of()
                : List.of(event));
  }

  /** Leaves as a client does that says so. */
  void leave(String occupant) {
    Guest guest = guests.remove(occupant);
    assertNotNull(guest);
    guest.channel.leave();
    guest.protocol.end(SessionEvent.Ended.Reason.LEFT, "left");
  }

  Guest guest(String occupant) {
    Guest guest = guests.get(occupant);
    assertNotNull(guest);
    return guest;
  }

  /** Checks that these, and nobody else, are members of one group in one epoch. */
  void assertTogether(String... occupants) {
    assertTogether(List.of(occupants));
  }

  void assertTogether(Collection<String> occupants) {
    Set<String> expected = new TreeSet<>(occupants);
    MlsGroup first = null;
    for (String occupant : occupants) {
      MlsGroup group = guest(occupant).group();
      Set<String> roster = new TreeSet<>();
      group.roster().members().forEach(member -> roster.add(member.occupant()));
      assertEquals(expected, roster, "the roster of " + occupant);
      if (first == null) {
        first = group;
      }
      assertEquals(first.moment().epoch(), group.moment().epoch(), "the epoch of " + occupant);
      assertArrayEquals(first.authenticator(), group.authenticator(), "the code of " + occupant);
      byte[] secret = first.exporterSecret("x");
      assertArrayEquals(secret, group.exporterSecret("x"));
      Arrays.fill(secret, (byte) 0);
    }
  }
}
