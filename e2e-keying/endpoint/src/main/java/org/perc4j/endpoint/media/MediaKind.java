/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

/** What a source is, with its RTP clock. */
public enum MediaKind {
  /** Opus. */
  AUDIO("audio", 48_000),
  /** Of any codec. */
  VIDEO("video", 90_000);

  private final String token;
  private final int clockRate;

  MediaKind(String token, int clockRate) {
    this.token = token;
    this.clockRate = clockRate;
  }

  /** What signalling calls it. */
  public String token() {
    return token;
  }

  /** RTP timestamp units per second. */
  public int clockRate() {
    return clockRate;
  }
}
