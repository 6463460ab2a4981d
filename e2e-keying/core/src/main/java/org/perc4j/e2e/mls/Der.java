/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;

/**
 * DER (X.690) from anybody: a first look, before it is given to a parser that calls itself for each
 * level. Stateless.
 */
final class Der {
  /** More than certificates and revocation lists have. */
  private static final int MAX_DEPTH = 24;

  private static final int CONSTRUCTED = 0x20;
  private static final int LONG_TAG = 0x1f;

  private Der() {}

  /**
   * Reads one value, with all that is in it.
   *
   * @param what for people
   * @throws RefusedException with {@code MALFORMED}, as {@link #requireShallow}
   * @throws IOException if Bouncy Castle does not take it; it may throw others as well
   */
  static ASN1Primitive read(byte[] octets, String what) throws RefusedException, IOException {
    requireShallow(octets, what);
    return ASN1Primitive.fromByteArray(octets);
  }

  /**
   * Reads one value that is in the one encoding that DER has for it.
   *
   * @param what for people
   * @throws RefusedException with {@code MALFORMED}, as {@link #requireShallow}, or if there is
   *     another encoding
   * @throws IOException as {@link #read}
   */
  static ASN1Primitive readCanonical(byte[] octets, String what)
      throws RefusedException, IOException {
    ASN1Primitive value = read(octets, what);
    if (!Arrays.equals(value.getEncoded(ASN1Encoding.DER), octets)) {
      throw malformed(what, "is not canonical");
    }
    return value;
  }

  /**
   * Refuses what is not one value of definite length, is cut short or has octets left over, on
   * every level, or has too many levels.
   *
   * @param what for people
   * @throws RefusedException with {@code MALFORMED}
   */
  private static void requireShallow(byte[] octets, String what) throws RefusedException {
    int[] ends = new int[MAX_DEPTH];
    int depth = 0;
    int at = 0;
    int end = octets.length;
    do {
      if (end - at < 2) {
        throw malformed(what, "is cut short");
      }
      int tag = octets[at] & 0xff;
      if ((tag & LONG_TAG) == LONG_TAG) {
        throw malformed(what, "has a tag of many octets");
      }
      int lengthOctets = octets[at + 1] < 0 ? octets[at + 1] & 0x7f : 0;
      int length = lengthOctets == 0 ? octets[at + 1] & 0x7f : 0;
      at += 2;
      if ((octets[at - 1] < 0 && lengthOctets == 0)
          || lengthOctets > 3
          || end - at < lengthOctets) {
        throw malformed(what, "has a length that is none");
      }
      for (int i = 0; i < lengthOctets; i++) {
        length = (length << Byte.SIZE) | (octets[at++] & 0xff);
      }
      if (length > end - at) {
        throw malformed(what, "is cut short");
      }
      if (depth == 0 && length != end - at) {
        throw malformed(what, "has octets left over");
      }
      if ((tag & CONSTRUCTED) != 0) {
        if (depth == MAX_DEPTH) {
          throw malformed(what, "has too many levels");
        }
        ends[depth++] = end;
        end = at + length;
      } else {
        at += length;
      }
      while (depth > 0 && at == end) {
        end = ends[--depth];
      }
    } while (depth > 0);
  }

  private static RefusedException malformed(String what, String detail) {
    return new RefusedException(RefusedException.Reason.MALFORMED, what + " that " + detail);
  }
}
