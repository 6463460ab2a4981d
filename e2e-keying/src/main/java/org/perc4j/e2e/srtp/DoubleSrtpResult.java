/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/**
 * What became of one packet. Everything but {@link #OK} means that the packet must be dropped, at
 * least by this context; what is left in it, each method says.
 */
public enum DoubleSrtpResult {
  /** Protected, or authenticated and decrypted. */
  OK,
  /** Not an RTP packet, or too short for what the layer adds. */
  MALFORMED,
  /** The octets before the outer tag are no original header block (RFC 8723 section 4). */
  MALFORMED_OHB,
  /** The buffer has no room for what the layer adds. */
  NO_ROOM,
  /**
   * The policy demands encrypted header extensions and CSRCs (RFC 9335): a received packet has them
   * in the clear, or a packet to be sent has an extension that RFC 9335 cannot encrypt.
   */
  HEADER_IN_CLEAR,
  /** There was no epoch yet whose keys could be used. */
  NO_KEY_YET,
  /**
   * Not sent: those who have the keys may not be members any more, and cannot be asked. The next
   * epoch ends it.
   */
  SENDING_STOPPED,
  /** Not sent: a private room waits until somebody is a member, or gone. */
  SENDING_WAITS,
  /** All keys were erased, for good. */
  KEYS_ERASED,

  /** The tag matched under no index that the outer receiver tried. */
  OUTER_AUTHENTICATION_FAILED,
  /** Received before, within the outer layer's window, and authentic under no later index. */
  OUTER_REPLAYED,
  /** Below the outer layer's window, and authentic under no later index. */
  OUTER_TOO_OLD,
  /** The outer layer keeps state for as many SSRCs as it may, and this would be another. */
  OUTER_TOO_MANY_STREAMS,
  /**
   * Authentic in the outer layer, and without an inner one: the bridge's own padding, which carries
   * nothing for the application, whatever is in it. Counts as received on the hop.
   */
  BRIDGE_PADDING,
  /** The outer sender has used this index, or cannot tell any more: it is below its window. */
  OUTER_INDEX_REUSED,
  /** The outer sender has used the last index: 2<sup>48</sup> packets per SSRC and key. */
  OUTER_INDEX_EXHAUSTED,

  /** The tag matched under no index that the inner receiver tried. */
  INNER_AUTHENTICATION_FAILED,
  /**
   * The tag matched under no key that there is, but maybe under one that comes in a moment. There
   * is a copy of the packet, which is handed over then; this one is to be dropped.
   */
  HELD,
  /** Received before, within the inner layer's window, and authentic under no later index. */
  INNER_REPLAYED,
  /** Below the inner layer's window, and authentic under no later index. */
  INNER_TOO_OLD,
  /** The inner layer keeps state for as many SSRCs as it may, and this would be another. */
  INNER_TOO_MANY_STREAMS,
  /** The inner sender has used this index, or cannot tell any more: it is far below its window. */
  INNER_INDEX_REUSED,
  /** The inner sender has used the last index: 2<sup>48</sup> packets per SSRC and key. */
  INNER_INDEX_EXHAUSTED
}
