/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.mls.Forgery.NOW;
import static org.perc4j.e2e.mls.Forgery.flipped;
import static org.perc4j.e2e.mls.TestConference.POLICY;
import static org.perc4j.e2e.mls.TestConference.ROOM;
import static org.perc4j.e2e.mls.TestConference.announce;
import static org.perc4j.e2e.mls.TestConference.assertRefused;
import static org.perc4j.e2e.mls.TestConference.identity;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.Forgery.ForgedKeyPackage;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Key packages that must not be taken, neither from the room nor in a commit by a member. */
class HostileAnnouncementTest {
  private static final long HOUR = 3600;

  private static ForgedKeyPackage forged(Consumer<ForgedKeyPackage> change) {
    return new ForgedKeyPackage("e").with(change);
  }

  private static void assertUnread(Reason reason, Consumer<ForgedKeyPackage> change)
      throws Exception {
    byte[] octets = forged(change).octets();
    assertRefused(reason, () -> MlsGroup.readAnnouncement(octets, POLICY));
  }

  private static GroupPolicy at(long seconds) {
    return new GroupPolicy(
        ROOM, credential -> {}, 100, Clock.fixed(Instant.ofEpochSecond(seconds), ZoneOffset.UTC));
  }

  @Test
  void honestOneIsRead() throws Exception {
    assertEquals(
        "e", MlsGroup.readAnnouncement(forged(honest -> {}).octets(), POLICY).credential().name());
    assertEquals("e (e)", MlsGroup.readAnnouncement(announce("e").octets(), POLICY).toString());
  }

  @Test
  void lifetimeIsNowAndShort() throws Exception {
    assertUnread(Reason.LIFETIME, e -> e.notAfter = NOW - 1);
    assertUnread(Reason.LIFETIME, e -> e.notBefore = NOW + 1000);
    assertUnread(Reason.LIFETIME, e -> e.notAfter = NOW + 26 * HOUR);
    assertUnread(Reason.LIFETIME, e -> e.notAfter = -1);
    assertUnread(Reason.LIFETIME, e -> e.notAfter = Long.MAX_VALUE);
    assertUnread(
        Reason.LIFETIME,
        e -> {
          e.notBefore = Long.MIN_VALUE;
          e.notAfter = Long.MIN_VALUE + 1;
        });
    assertUnread(
        Reason.LIFETIME,
        e -> {
          e.notBefore = NOW + 10;
          e.notAfter = NOW;
        });
    assertUnread(
        Reason.LIFETIME,
        e -> {
          e.notBefore = 0;
          e.notAfter = -1;
        });
  }

  @Test
  void clockIsTheOneThatWasGiven() throws Exception {
    byte[] octets = announce("e").octets();
    assertEquals("e", MlsGroup.readAnnouncement(octets, at(NOW)).credential().name());
    assertRefused(Reason.LIFETIME, () -> MlsGroup.readAnnouncement(octets, at(NOW - 3 * HOUR)));
    assertRefused(Reason.LIFETIME, () -> MlsGroup.readAnnouncement(octets, at(NOW + 26 * HOUR)));
  }

  @Test
  void clockThatIsAheadOrBehindIsNoReasonToRefuse() throws Exception {
    for (long skew : List.of(-50 * 60L, 50 * 60L)) {
      Announcement announcement = new Announcement(identity("e"), at(NOW + skew), "e");
      TestConference conference = TestConference.of("a", "b");
      PendingCommit commit =
          conference
              .member("a")
              .commit(List.of(MlsGroup.readAnnouncement(announcement.octets(), POLICY)), List.of());
      MlsGroup next = conference.member("b").process(commit.commit(), left -> false);

      Assertions.assertNotNull(next);
      assertEquals(3, next.roster().size());
    }
  }

  @Test
  void capabilitiesIncludeWhatTheGroupUses() throws Exception {
    for (String without :
        List.of(
            "02 0002  02 0001  00 00  02 0001", // version
            "02 0001  02 0002  00 00  02 0001", // cipher suite
            "02 0001  02 0001  00 00  02 0002", // credential type
            "00 00 00 00 00")) {
      var capabilities = Forgery.capabilities(without);
      assertUnread(Reason.MALFORMED, e -> e.capabilities = capabilities);
    }
    var enough = Forgery.capabilities("02 0001  02 0001  00 00  02 0001");
    byte[] octets = forged(e -> e.capabilities = enough).octets();
    assertEquals("e", MlsGroup.readAnnouncement(octets, POLICY).credential().name());
  }

  @Test
  void credentialIsForThisRoomAndKey() throws Exception {
    assertUnread(Reason.NOT_AUTHENTIC, e -> e.room = "other@muc.example.org");
    assertUnread(Reason.NOT_AUTHENTIC, e -> e.vouchedKey = new byte[32]);
  }

  @Test
  void signaturesAreRight() throws Exception {
    byte[] octets = announce("e").octets();
    // the key package's is last, the leaf's before it and two lists of no extensions
    for (int fromEnd : List.of(1, 64, 68, 131)) {
      byte[] forged = flipped(octets, octets.length - fromEnd);
      assertRefused(Reason.NOT_AUTHENTIC, () -> MlsGroup.readAnnouncement(forged, POLICY));
    }
  }

  @Test
  void validatorIsAsked() throws Exception {
    GroupPolicy nobody =
        new GroupPolicy(
            ROOM,
            credential -> {
              throw new RefusedException(Reason.CREDENTIAL, credential.name());
            },
            100,
            Clock.systemUTC());
    byte[] octets = announce("e").octets();

    assertRefused(Reason.CREDENTIAL, () -> MlsGroup.readAnnouncement(octets, nobody));
  }

  @Test
  void initKeyAndLeafKeyDiffer() throws Exception {
    assertUnread(Reason.DUPLICATE, e -> e.initKey = e.leafKey);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void keysOfLowOrderAreRefused(String hex) throws Exception {
    byte[] key = HexFormat.of().parseHex(hex);
    byte[] scalar = new byte[32];
    scalar[0] = 8;
    assertEquals(false, X25519.calculateAgreement(scalar, 0, key, 0, new byte[32], 0));
    assertUnread(Reason.MALFORMED, e -> e.initKey = key);
    assertUnread(Reason.MALFORMED, e -> e.leafKey = key);
  }

  @Test
  void keysThatAreReadCanBeEncryptedTo() throws Exception {
    List<byte[]> keys = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      keys.add(key);
    }
    // small ones, and those around the field's order, with and without the bit that does not count
    for (int last : new int[] {0x7f, 0xff}) {
      for (int first = 0xe0; first <= 0xff; first++) {
        byte[] large = new byte[32];
        Arrays.fill(large, (byte) 0xff);
        large[0] = (byte) first;
        large[31] = (byte) last;
        keys.add(large);
        byte[] small = new byte[32];
        small[0] = (byte) (first - 0xe0);
        small[31] = (byte) (last & 0x80);
        keys.add(small);
      }
    }
    int read = 0;
    for (byte[] key : keys) {
      byte[] octets = forged(e -> e.leafKey = key).octets();
      try {
        var unused = MlsGroup.readAnnouncement(octets, POLICY);
      } catch (RefusedException e) {
        assertEquals(Reason.MALFORMED, e.reason());
        continue;
      }
      read++;
      byte[][] sealed = Forgery.SUITE.encryptWithLabel(key, "test", new byte[0], new byte[1]);
      assertEquals(32, sealed[1].length);
    }
    // zero, one, and those that are -1, 0 and 1 to the field, twice each
    assertEquals(keys.size() - 10, read);
  }

  @Test
  void oneOfAnotherSuiteOrVersionIsUnsupported() {
    byte[] octets = announce("e").octets();
    for (int position : List.of(1, 5, 7)) {
      byte[] other = octets.clone();
      other[position] = 2;
      assertRefused(Reason.UNSUPPORTED, () -> MlsGroup.readAnnouncement(other, POLICY));
    }
  }

  @Test
  void anotherKindOfMessageIsRefused() throws Exception {
    byte[] info = TestConference.create("a").groupInfo();
    assertThrows(RefusedException.class, () -> MlsGroup.readAnnouncement(info, POLICY));
  }
}
