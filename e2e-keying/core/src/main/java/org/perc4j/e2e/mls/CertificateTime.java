/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Time;

/**
 * Times in certificates and revocation lists, as RFC 5280 sections 4.1.2.5.1 and 4.1.2.5.2 have
 * them: in UTC, with seconds and without fractions of them. Bouncy Castle takes other forms as well
 * and dates that there are not, and needs time zones and formats for it. Stateless.
 */
final class CertificateTime {
  /** Two digits of a year from here on are in the twentieth century. */
  private static final int FIRST_YEAR_OF_1900 = 50;

  private static final int REST_OF_DIGITS = 10;

  private CertificateTime() {}

  /**
   * Reads a time.
   *
   * @throws IllegalArgumentException if it is in another form
   * @throws java.time.DateTimeException if there is no such time
   */
  static Instant instant(Time time) {
    ASN1Primitive value = time.toASN1Primitive();
    if (value instanceof ASN1UTCTime utc) {
      String text = utc.toString();
      int year = requireDigits(text, 2);
      return instant(year + (year < FIRST_YEAR_OF_1900 ? 2000 : 1900), text.substring(2));
    }
    String text = ((ASN1GeneralizedTime) value).getTimeString();
    return instant(requireDigits(text, 4), text.substring(4));
  }

  private static int requireDigits(String text, int yearDigits) {
    int digits = yearDigits + REST_OF_DIGITS;
    boolean good = text.length() == digits + 1 && text.charAt(digits) == 'Z';
    for (int i = 0; good && i < digits; i++) {
      good = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!good) {
      throw new IllegalArgumentException("with a time in another form");
    }
    return Integer.parseInt(text.substring(0, yearDigits));
  }

  private static Instant instant(int year, String rest) {
    return LocalDateTime.of(
            year,
            twoDigits(rest, 0),
            twoDigits(rest, 2),
            twoDigits(rest, 4),
            twoDigits(rest, 6),
            twoDigits(rest, 8))
        .toInstant(ZoneOffset.UTC);
  }

  private static int twoDigits(String rest, int at) {
    return Integer.parseInt(rest.substring(at, at + 2));
  }
}
