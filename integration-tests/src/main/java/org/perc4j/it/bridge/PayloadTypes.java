/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

/**
 * RTP payload types and header extension identifiers, the same for all endpoints of all
 * conferences.
 */
public final class PayloadTypes {
  /** Opus (RFC 7587). */
  public static final int OPUS = 111;

  /** VP8 (RFC 7741). */
  public static final int VP8 = 100;

  /** Repair packets for VP8 (RFC 4588). */
  public static final int RTX = 96;

  /** Audio level (RFC 6464). */
  public static final int AUDIO_LEVEL_EXTENSION = 1;

  /** Frame marking (RFC 9626). */
  public static final int FRAME_MARKING_EXTENSION = 9;

  /** Dependency descriptor: signalled, not sent with VP8. */
  public static final int DEPENDENCY_DESCRIPTOR_EXTENSION = 11;

  private PayloadTypes() {}
}
