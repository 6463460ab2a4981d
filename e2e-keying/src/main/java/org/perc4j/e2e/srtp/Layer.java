/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/** What differs between the layers outside their packet formats. */
enum Layer {
  INNER(
      4,
      DoubleSrtpResult.INNER_AUTHENTICATION_FAILED,
      DoubleSrtpResult.INNER_REPLAYED,
      DoubleSrtpResult.INNER_TOO_OLD,
      DoubleSrtpResult.INNER_TOO_MANY_STREAMS,
      DoubleSrtpResult.INNER_INDEX_REUSED,
      DoubleSrtpResult.INNER_INDEX_EXHAUSTED),
  OUTER(
      3,
      DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED,
      DoubleSrtpResult.OUTER_REPLAYED,
      DoubleSrtpResult.OUTER_TOO_OLD,
      DoubleSrtpResult.OUTER_TOO_MANY_STREAMS,
      DoubleSrtpResult.OUTER_INDEX_REUSED,
      DoubleSrtpResult.OUTER_INDEX_EXHAUSTED);

  /** The most AES-GCM calls that one received packet may cost in this layer. */
  final int maxAeadCalls;

  final DoubleSrtpResult authenticationFailed;
  final DoubleSrtpResult replayed;
  final DoubleSrtpResult tooOld;
  final DoubleSrtpResult tooManyStreams;
  final DoubleSrtpResult indexReused;
  final DoubleSrtpResult indexExhausted;

  Layer(
      int maxAeadCalls,
      DoubleSrtpResult authenticationFailed,
      DoubleSrtpResult replayed,
      DoubleSrtpResult tooOld,
      DoubleSrtpResult tooManyStreams,
      DoubleSrtpResult indexReused,
      DoubleSrtpResult indexExhausted) {
    this.maxAeadCalls = maxAeadCalls;
    this.authenticationFailed = authenticationFailed;
    this.replayed = replayed;
    this.tooOld = tooOld;
    this.tooManyStreams = tooManyStreams;
    this.indexReused = indexReused;
    this.indexExhausted = indexExhausted;
  }
}
