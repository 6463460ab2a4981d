/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.ShownMark;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/** Somebody in the room who shows a mark and answers questions as it likes. */
final class Stranger {
  private final Party party;
  final RoomChannel channel;
  final List<String> asked = new ArrayList<>();
  final List<byte[]> answers = new ArrayList<>();
  byte[] answer = new byte[0];
  @Nullable MlsGroup group;

  Stranger(Party party, String occupant) {
    this.party = party;
    channel = party.room.channel(occupant);
    try {
      channel.enter(this::onEvent);
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
  }

  private void onEvent(RoomEvent event) {
    if (!(event instanceof RoomEvent.Received received) || received.toAll()) {
      return;
    }
    if (received.kind().equals(MessageKind.ANSWER)) {
      answers.add(received.octets());
    } else if (received.kind().equals(MessageKind.ASK)) {
      asked.add(received.occupant());
      MlsGroup own = group;
      send(
          received.occupant(),
          MessageKind.ANSWER,
          own == null
              ? answer
              : own.answer(own.groupInfo(), received.occupant(), received.octets()));
    }
  }

  void send(String to, String kind, byte[] octets) {
    try {
      channel.sendTo(to, kind, octets);
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
  }

  void broadcast(String kind, byte[] octets) {
    try {
      channel.broadcast(kind, octets);
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
  }

  void show(GroupMark mark) {
    try {
      channel.publish(new ShownMark(mark, null).octets());
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks somebody as a newcomer would. */
  byte[] ask(String occupant) {
    send(occupant, MessageKind.ASK, new byte[GroupAnswer.NONCE_BYTES]);
    party.time.settle();
    return answers.get(answers.size() - 1);
  }

  /** Makes a group of its own, with people that it invents. */
  MlsGroup invents(int others) {
    GroupPolicy policy =
        new GroupPolicy(channel.room(), credential -> {}, 1000, party.time.clock());
    MlsGroup alone =
        MlsGroup.create(
            new Announcement(Party.identity("stranger"), policy, channel.occupant()),
            policy,
            new SecureRandom());
    if (others == 0) {
      return alone;
    }
    try {
      List<Candidate> invented = new ArrayList<>();
      for (int i = 0; i < others; i++) {
        String name = "invented" + i;
        invented.add(
            MlsGroup.readAnnouncement(
                new Announcement(Party.identity(name), policy, name).octets(), policy));
      }
      return alone.commit(invented, List.of()).next();
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }
}
