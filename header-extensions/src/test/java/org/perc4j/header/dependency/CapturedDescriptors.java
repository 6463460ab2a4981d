/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import java.util.HexFormat;

/**
 * Dependency descriptors that Chrome sent, as they are in the tests of Jitsi Videobridge (commit
 * a29d97d): in {@code Av1DependencyDescriptorHeaderExtensionTest}, the last four in {@code
 * Av1DDPacketTest} and {@code Vp9PacketTest}.
 */
final class CapturedDescriptors {

  /** AV1 without layers, Chrome 110. */
  static final String L1T1 = "80000180003a410180ef808680";

  /** A later packet of the frame of {@link #L1T1}. */
  static final String L1T1_LAST_PACKET = "400001";

  /** Three temporal layers. */
  static final String L1T3 = "800001800214eaa860414d141020842701df010d";

  /** Three spatial layers that need each other, Chrome 112. */
  static final String L3T3 =
      "d0013481e81485214eafffaaaa863cf0430c10c302afc0aaa0063c00430010c002a000a800060000"
          + "40001d954926e082b04a0941b820ac1282503157f974000ca864330e222222eca8655304224230ec"
          + "a87753013f00b3027f016704ff02cf";

  /** A later frame of the stream of {@link #L3T3}: only the lowest spatial layer is active. */
  static final String L3T3_LOWEST = "d10146401c";

  /** Three spatial layers that need each other in key frames only. */
  static final String L3T3_KEY =
      "8f008581e81485214eaaaaa8000600004000100002aa80a8000600004000100002a000a80006000040"
          + "0016d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f00b3"
          + "027f016704ff02cf";

  /** The same from another stream. */
  static final String L3T3_KEY_2 =
      "8003ca80081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a8000600004"
          + "00016d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f00b3"
          + "027f016704ff02cf";

  /** A later frame of the stream of {@link #L3T3_KEY_2}, with differences and chains of its own. */
  static final String L3T3_KEY_2_CUSTOM = "c203ce581d30100000";

  /** Another one, as its template says. */
  static final String L3T3_KEY_2_LOWEST = "c303cd401c";

  /** Three spatial layers that never need each other: simulcast. */
  static final String S3T3 =
      "c1000180081485214ea000a8000600004000100002a000a8000600004000100002a000a8000600004"
          + "0001d954926caa493655248c55fe5d00032a190cc38e58803b2a1954c10e10843b2a1dd4c01dc010803"
          + "bc0218077c0434";

  /** Two spatial layers that need each other in key frames only, shifted in time, Chrome 111. */
  static final String L2T2_KEY_SHIFT =
      "8700ed80e3061eaa82804028280514d14134518010a091889a09409fc059c13fc0b3c0";

  /** VP8 with three temporal layers and no chains, Chrome 126. */
  static final String NO_CHAINS = "8000138002044eaaaf2860414d34538a0940413fc0b3c0";

  /** The same in portrait. */
  static final String NO_CHAINS_PORTRAIT = "8023c58002044eaaaf2860414d34538a094040b3c13fc0";

  /** VP9 in portrait, of whose three spatial layers only the lowest is active. */
  static final String L3T3_KEY_PORTRAIT =
      "c007e1c0081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a80006000040001"
          + "6d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca8775300b3013f01"
          + "67027f02cf04ff0380";

  private CapturedDescriptors() {}

  static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
