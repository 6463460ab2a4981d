/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.identity.TrustStore;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.PinnedFingerprints;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.TrustOnFirstUse;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

/** One person with several devices in one conference: each is a member. */
class SeveralDevicesTest extends Meeting {
  private static final Map<String, String> ALL =
      Map.of("phone", "alice", "laptop", "alice", "b", "bob");

  private final EndpointIdentity phone = Party.identity("alice");
  private final EndpointIdentity laptop = Party.identity("alice");
  private final EndpointIdentity bob = Party.identity("bob");

  private PinnedFingerprints pinned() {
    return new PinnedFingerprints(
        Map.of(
            "alice",
            Set.of(phone.fingerprint(), laptop.fingerprint()),
            "bob",
            Set.of(bob.fingerprint())));
  }

  private void join(String occupant, EndpointIdentity identity, CredentialValidator validator) {
    join(occupant, occupant, identity, validator, time.sessionOptions());
  }

  private byte[] sent(String by) {
    MediaPacket packet = carry(rtp(by.hashCode()));
    assertEquals(DoubleSrtpResult.OK, of(by).protect(packet));
    return octets(packet);
  }

  /** Everybody hears everybody, and knows by which of whose devices. */
  private void assertAllHear(Map<String, String> nameByOccupant) {
    for (String sender : nameByOccupant.keySet()) {
      byte[] rtp = rtp(sender.hashCode());
      MediaPacket sending = carry(rtp);
      assertEquals(DoubleSrtpResult.OK, of(sender).protect(sending));
      for (String receiver : nameByOccupant.keySet()) {
        if (!receiver.equals(sender)) {
          of(receiver).ssrcOwner(sender.hashCode(), sender);
          MediaPacket packet = carry(octets(sending));
          assertEquals(
              DoubleSrtpResult.OK, of(receiver).unprotect(packet), sender + " to " + receiver);
          assertArrayEquals(rtp, octets(packet));
          assertEquals(nameByOccupant.get(sender), packet.senderName());
          assertEquals(sender, packet.senderOccupant());
        }
      }
    }
  }

  private List<String> participants(String at) {
    List<String> shown = new ArrayList<>();
    for (Participant one : of(at).participants()) {
      shown.add(
          one.name()
              + " "
              + one.devices().stream().map(Member::occupant).toList()
              + " "
              + one.standing());
    }
    return shown;
  }

  private List<String> told(String at, Class<? extends SessionEvent> type) {
    List<String> occupants = new ArrayList<>();
    for (SessionEvent event : events.getOrDefault(at, List.of())) {
      if (type.isInstance(event) && event instanceof SessionEvent.MemberJoined joined) {
        occupants.add(joined.member().occupant() + " " + joined.standing());
      } else if (type.isInstance(event) && event instanceof SessionEvent.MemberLeft left) {
        occupants.add(left.member().occupant());
      }
    }
    return occupants;
  }

  private void allJoinPinned() {
    join("phone", phone, pinned());
    join("b", bob, pinned());
    pass(1000);
    join("laptop", laptop, pinned());
    pass(1000);
  }

  @Test
  void phoneAndLaptopHearEachOtherAndOthersAndAreOnePerson() {
    allJoinPinned();
    assertAllHear(ALL);
    for (String at : ALL.keySet()) {
      assertEquals(List.of("alice [phone, laptop] KNOWN", "bob [b] KNOWN"), participants(at), at);
    }
    List<String> told = told("b", SessionEvent.MemberJoined.class);
    assertEquals(Set.of("phone KNOWN", "b KNOWN", "laptop KNOWN"), Set.copyOf(told));
    assertEquals(3, told.size());
  }

  @Test
  void devicesThatComeAtOnceAreLetInTogether() {
    join("b", bob, pinned());
    pass(1000);
    join("phone", phone, pinned());
    join("laptop", laptop, pinned());
    pass(1000);
    assertAllHear(ALL);
  }

  @Test
  void aDeviceThatLeavesHearsNothingWhileAnotherStays() {
    allJoinPinned();
    ConferenceSession gone = of("laptop");
    room.crash("laptop"); // it is told nothing, and keeps its keys
    pass(0);
    byte[] late = sent("b");
    assertNotEquals(DoubleSrtpResult.OK, gone.unprotect(carry(late)));
    assertEquals(DoubleSrtpResult.OK, of("phone").unprotect(carry(late)));
    MediaPacket packet = carry(rtp(7));
    assertEquals(DoubleSrtpResult.OK, gone.protect(packet));
    assertNotEquals(DoubleSrtpResult.OK, of("b").unprotect(packet));
    assertEquals(List.of("laptop"), told("b", SessionEvent.MemberLeft.class));
    assertEquals(List.of("alice [phone] KNOWN", "bob [b] KNOWN"), participants("b"));
  }

  @Test
  void allDevicesAreWaitedForAfterTheServerRestarted() {
    allJoinPinned();
    room.restart();
    for (String occupant : List.of("b", "phone")) {
      room.reconnect(occupant, false);
      pass(1000);
    }
    Roster roster = of("b").roster();
    assertNotNull(roster);
    assertEquals(3, roster.size(), "as before, until the laptop is back");
    assertAllHear(ALL);
    room.reconnect("laptop", false);
    pass(5000);
    assertAllHear(ALL);
    assertEquals(List.of(), told("b", SessionEvent.MemberLeft.class));
  }

  @Test
  void aSecondKeyOfAKnownNameIsToldAndNotTheSamePersonUntilSomebodySaysSo(@TempDir Path folder)
      throws IOException {
    try (TrustStore met = TrustStore.open(folder.resolve("met"))) {
      CredentialValidator trusting = new TrustOnFirstUse(met, TrustOnFirstUse.WhenChanged.TELL);
      join("b", bob, trusting);
      pass(1000);
      join("phone", phone, credential -> {});
      pass(1000);
      join("laptop", laptop, credential -> {});
      pass(1000);
      assertAllHear(ALL);
      assertTrue(told("b", SessionEvent.MemberJoined.class).contains("laptop CHANGED"));
      List<String> shown = participants("b");
      assertEquals(3, shown.size(), shown.toString());
      assertTrue(shown.contains("alice [laptop] CHANGED"), shown.toString());
      assertTrue(shown.contains("alice [phone] FIRST_MET"), shown.toString());

      assertTrue(met.accept("alice", laptop.fingerprint()));
      shown = participants("b");
      assertEquals(2, shown.size(), shown.toString());
      assertTrue(shown.contains("alice [phone, laptop] FIRST_MET"), shown.toString());
      assertTrue(met.markVerified("alice", phone.fingerprint()));
      assertTrue(participants("b").contains("alice [phone, laptop] KNOWN"));
    }
  }

  @Test
  void aSecondKeyOfAVerifiedNameIsNotAccepted(@TempDir Path folder) throws IOException {
    try (TrustStore met = TrustStore.open(folder.resolve("met"))) {
      CredentialValidator trusting = new TrustOnFirstUse(met, TrustOnFirstUse.WhenChanged.TELL);
      assertTrue(met.markVerified("alice", phone.fingerprint()));
      join("b", bob, trusting);
      join("phone", phone, trusting);
      pass(1000);
      join("laptop", laptop, credential -> {});
      pass(5000);
      assertEquals(
          List.of(Standing.VERIFIED),
          of("b").participants().stream()
              .filter(one -> one.name().equals("alice"))
              .map(Participant::standing)
              .toList());
      Roster roster = of("b").roster();
      assertNotNull(roster);
      assertEquals(2, roster.size());
    }
  }

  @Test
  void beforeTheFirstEpochNobodyIsThere() {
    join("b", bob, pinned());
    assertEquals(List.of(), of("b").participants());
  }
}
