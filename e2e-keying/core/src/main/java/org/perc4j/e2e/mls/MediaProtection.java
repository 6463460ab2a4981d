/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

/** How all media of an epoch are protected end to end (docs/protocol.md section 19). */
public enum MediaProtection {
  /** Each packet, by double SRTP. */
  DOUBLE,
  /** Each frame, by SFrame. */
  FRAMES
}
