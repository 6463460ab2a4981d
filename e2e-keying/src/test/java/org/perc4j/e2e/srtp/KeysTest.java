/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.srtp.DoubleSrtpProfile;

class KeysTest {
  @Test
  void masterKeyIsACopy() {
    byte[] key = filled(16, 1);
    byte[] salt = filled(12, 2);
    SrtpMasterKey master = SrtpMasterKey.copyOf(key, salt);
    Arrays.fill(key, (byte) 0);
    Arrays.fill(salt, (byte) 0);

    assertArrayEquals(filled(16, 1), master.key());
    assertArrayEquals(filled(12, 2), master.salt());
  }

  @Test
  void masterKeySplitsKeyThenSalt() {
    byte[] octets = concat(filled(32, 1), filled(12, 2));
    SrtpMasterKey master = SrtpMasterKey.copyOfKeyThenSalt(octets);

    assertArrayEquals(filled(32, 1), master.key());
    assertArrayEquals(filled(12, 2), master.salt());
    assertNotSame(octets, master.key());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 12, 15 + 12, 24 + 12, 33 + 12})
  void masterKeyRejectsOtherLengths(int length) {
    assertThrows(
        IllegalArgumentException.class, () -> SrtpMasterKey.copyOfKeyThenSalt(new byte[length]));
  }

  @Test
  void masterKeyRejectsSaltOfCounterMode() {
    assertThrows(
        IllegalArgumentException.class, () -> SrtpMasterKey.copyOf(new byte[16], new byte[14]));
  }

  @Test
  void destroyedMasterKeyIsZeroAndOfNoUse() {
    SrtpMasterKey master = SrtpMasterKey.copyOf(filled(16, 1), filled(12, 2));
    byte[] key = master.key();
    byte[] salt = master.salt();
    assertFalse(master.isDestroyed());
    master.destroy();
    master.destroy();

    assertTrue(master.isDestroyed());
    assertArrayEquals(new byte[16], key);
    assertArrayEquals(new byte[12], salt);
    assertThrows(IllegalStateException.class, () -> new InnerSender(TestPackets.PROFILE, master));
  }

  @Test
  void contextOutlivesItsMasterKey() {
    SrtpMasterKey master = TestPackets.key(1);
    InnerSender sender = new InnerSender(TestPackets.PROFILE, master);
    master.destroy();

    assertArrayEquals(
        TestPackets.protectInner(1, 0, TestPackets.rtp(1, 1)),
        TestPackets.protect(sender, TestPackets.rtp(1, 1)));
  }

  @Test
  void nothingPrintsOrSerializesKeys() {
    SrtpMasterKey master = SrtpMasterKey.copyOf(filled(16, 0x5a), filled(12, 0x5a));
    SessionKey session = new SessionKey(filled(16, 0x5a));
    OuterKeys outer = OuterKeys.fromExporter(TestPackets.PROFILE, filled(112, 0x5a), true);
    DoubleKeyingMaterial material =
        DoubleKeyingMaterial.split(TestPackets.PROFILE, filled(32, 0x5a), filled(24, 0x5a));

    for (Object object : new Object[] {master, session, outer, material}) {
      assertTrue(object.toString().contains("redacted"), object.toString());
      assertFalse(object.toString().toLowerCase(java.util.Locale.ROOT).contains("5a"));
      assertFalse(object.toString().contains("90"));
    }
    assertThrows(
        NotSerializableException.class,
        () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(session));
  }

  @Test
  void contextsRejectKeysOfTheOtherProfile() {
    DoubleSrtpProfile large = DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM;
    SrtpMasterKey small = TestPackets.key(1);

    assertThrows(IllegalArgumentException.class, () -> new InnerSender(large, small));
    assertThrows(IllegalArgumentException.class, () -> new InnerReceiver(large, small));
    assertThrows(
        IllegalArgumentException.class, () -> new OuterSender(large, small, CryptexPolicy.OFF));
    assertThrows(
        IllegalArgumentException.class, () -> new OuterReceiver(large, small, CryptexPolicy.OFF));
  }

  @ParameterizedTest
  @EnumSource(DoubleSrtpProfile.class)
  void splitsInnerThenOuter(DoubleSrtpProfile profile) {
    int length = profile.keyLengthBytes();
    DoubleKeyingMaterial material =
        DoubleKeyingMaterial.split(
            profile,
            concat(filled(length, 1), filled(length, 2)),
            concat(filled(12, 3), filled(12, 4)));

    assertArrayEquals(filled(length, 1), material.inner().key());
    assertArrayEquals(filled(length, 2), material.outer().key());
    assertArrayEquals(filled(12, 3), material.inner().salt());
    assertArrayEquals(filled(12, 4), material.outer().salt());
    material.destroy();
    assertTrue(material.isDestroyed());
  }

  @Test
  void splitRejectsSingleKeys() {
    assertThrows(
        IllegalArgumentException.class,
        () -> DoubleKeyingMaterial.split(TestPackets.PROFILE, new byte[16], new byte[24]));
    assertThrows(
        IllegalArgumentException.class,
        () -> DoubleKeyingMaterial.split(TestPackets.PROFILE, new byte[32], new byte[12]));
  }

  @ParameterizedTest
  @EnumSource(DoubleSrtpProfile.class)
  void exporterYieldsOuterHalvesOnly(DoubleSrtpProfile profile) {
    for (boolean isClient : new boolean[] {true, false}) {
      int length = profile.keyLengthBytes();
      byte[] block =
          concat(
              filled(length, 1), // client, inner key
              filled(length, 2), // client, outer key
              filled(length, 3), // server, inner key
              filled(length, 4), // server, outer key
              filled(12, 5), // client, inner salt
              filled(12, 6), // client, outer salt
              filled(12, 7), // server, inner salt
              filled(12, 8)); // server, outer salt
      OuterKeys keys = OuterKeys.fromExporter(profile, block, isClient);

      assertArrayEquals(new byte[block.length], block);
      SrtpMasterKey client = isClient ? keys.send() : keys.receive();
      SrtpMasterKey server = isClient ? keys.receive() : keys.send();
      assertArrayEquals(filled(length, 2), client.key());
      assertArrayEquals(filled(12, 6), client.salt());
      assertArrayEquals(filled(length, 4), server.key());
      assertArrayEquals(filled(12, 8), server.salt());
      byte[] clientRtcp = concat(filled(length, 2), filled(12, 6));
      byte[] serverRtcp = concat(filled(length, 4), filled(12, 8));
      assertArrayEquals(isClient ? clientRtcp : serverRtcp, keys.copySendKeyForHopByHopRtcp());
      assertArrayEquals(isClient ? serverRtcp : clientRtcp, keys.copyReceiveKeyForHopByHopRtcp());
      keys.destroy();
      assertTrue(keys.isDestroyed());
    }
  }

  @Test
  void exporterBlockOfOtherLengthIsZeroedToo() {
    byte[] block = filled(56, 9);

    assertThrows(
        IllegalArgumentException.class,
        () -> OuterKeys.fromExporter(TestPackets.PROFILE, block, true));
    assertArrayEquals(new byte[56], block);
  }

  private static byte[] filled(int length, int value) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, (byte) value);
    return octets;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
