/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.time.Duration;
import java.util.List;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.transport.SrtpProfile;

/**
 * How a scripted endpoint connects.
 *
 * @param id 8 hexadecimal digits
 * @param seed of SSRCs and initial timestamps
 * @param profiles offered or accepted, best first
 * @param setup its part in DTLS
 * @param cryptex of its hop-by-hop layer
 * @param initialSequenceNumber of all its streams
 * @param voices how many audio sources it has, 1 or more
 * @param timeout for DTLS
 */
public record Script(
    String id,
    long seed,
    List<SrtpProfile> profiles,
    DtlsSetup setup,
    CryptexPolicy cryptex,
    int initialSequenceNumber,
    int voices,
    Duration timeout) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Copies the list. */
  public Script {
    profiles = List.copyOf(profiles);
  }

  /** An endpoint with the first double profile, without cryptex. */
  public static Script number(int number) {
    return new Script(
        "c000000" + number,
        100 + number,
        List.of(SrtpProfile.DOUBLE_AEAD_AES_128_GCM),
        DtlsSetup.ACTIVE,
        CryptexPolicy.OFF,
        1000,
        1,
        TIMEOUT);
  }

  /** The same with other profiles. */
  public Script profiles(SrtpProfile... others) {
    return new Script(
        id, seed, List.of(others), setup, cryptex, initialSequenceNumber, voices, timeout);
  }

  /** The same without end-to-end encryption. */
  public Script plain() {
    return profiles(SrtpProfile.AEAD_AES_128_GCM);
  }

  /** The same with another part in DTLS. */
  public Script setup(DtlsSetup other) {
    return new Script(id, seed, profiles, other, cryptex, initialSequenceNumber, voices, timeout);
  }

  /** The same, hiding header extensions from the network. */
  public Script hiding() {
    return new Script(
        id, seed, profiles, setup, CryptexPolicy.ALLOWED, initialSequenceNumber, voices, timeout);
  }

  /** The same with streams that start somewhere else. */
  public Script startingAt(int sequenceNumber) {
    return new Script(id, seed, profiles, setup, cryptex, sequenceNumber, voices, timeout);
  }

  /** The same with so many audio sources. */
  public Script voices(int count) {
    return new Script(id, seed, profiles, setup, cryptex, initialSequenceNumber, count, timeout);
  }

  /** The same with less patience, for what is to fail. */
  public Script timeout(Duration other) {
    return new Script(id, seed, profiles, setup, cryptex, initialSequenceNumber, voices, other);
  }
}
