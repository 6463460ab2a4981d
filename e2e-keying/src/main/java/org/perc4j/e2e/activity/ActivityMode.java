/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

/** How much an endpoint tells the bridge of what its microphone hears; most first. */
public enum ActivityMode {
  /** Everything: level and voice activity of each packet as measured, as RFC 6464 has it. */
  EXACT,

  /** One of three levels, which lasts for a while. */
  COARSE,

  /** Whether this endpoint is to be taken for a speaker, and nothing of how it speaks. */
  MINIMAL,

  /** Nothing: always the same. The bridge then finds no speaker, and last-N keeps to its order. */
  SILENT;

  /** What endpoints use unless they are told otherwise. */
  public static final ActivityMode DEFAULT = MINIMAL;
}
