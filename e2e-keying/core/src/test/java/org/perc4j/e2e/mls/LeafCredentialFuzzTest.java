/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.perc4j.fuzzing.FuzzInput;

/**
 * Credentials: any octets, and a genuine one with changes. What is read is in the one encoding that
 * there is; what verifies is the genuine one.
 */
class LeafCredentialFuzzTest {
  private static final byte[] LEAF_KEY = new byte[32];
  private static final byte[] GENUINE =
      TestConference.identity("a").vouchFor(TestConference.ROOM, "a", LEAF_KEY);

  @FuzzTest
  void anyOctets(byte[] octets) {
    read(octets);
  }

  @FuzzTest
  void changed(byte[] octets) {
    read(new FuzzInput(octets).mutated(GENUINE));
  }

  private static void read(byte[] credential) {
    byte[] before = credential.clone();
    try {
      LeafCredentialCodec.Parsed parsed = LeafCredentialCodec.parse(credential);
      assertArrayEquals(
          before,
          LeafCredentialCodec.write(
              parsed.kind(),
              parsed.name(),
              parsed.occupant(),
              parsed.identityField(),
              parsed.signature()));
      assertTrue(parsed.chain().size() <= LeafCredentialCodec.MAX_CERTIFICATES);
    } catch (RefusedException e) {
      // As it should be.
    }
    try {
      LeafCredential verified = LeafCredential.verify(credential, TestConference.ROOM, LEAF_KEY);
      assertTrue(Arrays.equals(GENUINE, credential), verified.toString());
      assertEquals("a", verified.name());
    } catch (RefusedException e) {
      assertTrue(!Arrays.equals(GENUINE, credential), "refused the genuine one");
    }
    assertArrayEquals(before, credential);
  }
}
