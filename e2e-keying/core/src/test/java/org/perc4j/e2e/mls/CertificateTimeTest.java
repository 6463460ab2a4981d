/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTimeTest {
  private static Time utc(String text) {
    return new Time(new ASN1UTCTime(text));
  }

  private static Time generalized(String text) {
    return new Time(new ASN1GeneralizedTime(text));
  }

  @ParameterizedTest
  @CsvSource({
    "261130235959Z, 2026-11-30T23:59:59Z",
    "491231235959Z, 2049-12-31T23:59:59Z",
    "500101000000Z, 1950-01-01T00:00:00Z",
    "240229120000Z, 2024-02-29T12:00:00Z"
  })
  void utcTimeHasItsCentury(String text, Instant expected) {
    assertEquals(expected, CertificateTime.instant(utc(text)));
    assertEquals(expected, utc(text).getDate().toInstant());
  }

  @Test
  void generalizedTimeIsRead() {
    assertEquals(
        Instant.parse("9999-12-31T23:59:59Z"),
        CertificateTime.instant(generalized("99991231235959Z")));
    assertEquals(
        Instant.parse("2050-01-01T00:00:00Z"),
        CertificateTime.instant(generalized("20500101000000Z")));
  }

  /** Bouncy Castle takes most of these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2611302359Z",
        "261130235959+0100",
        "261130235959",
        "261130235960Z",
        "261131235959Z",
        "261330235959Z",
        "260229000000Z",
        "26113023595aZ",
        "26113023595\u0661Z",
        "261130235959ZZ"
      })
  void otherFormsAndDatesThatThereAreNotAreRefused(String text) {
    assertThrows(RuntimeException.class, () -> CertificateTime.instant(utc(text)));
    if (text.length() > 11) {
      assertThrows(RuntimeException.class, () -> CertificateTime.instant(generalized("20" + text)));
    }
  }

  @Test
  void fractionsOfSecondsAreRefused() {
    assertThrows(
        RuntimeException.class, () -> CertificateTime.instant(generalized("20261130235959.5Z")));
  }
}
