/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

/**
 * Which decode targets are active as of a packet with a dependency descriptor (AV1 RTP
 * specification, A.8.2), packed into one long so that copying it with the packet costs nothing.
 *
 * <pre>
 *  63 ................ 34 33 32 31 ............................ 0
 * +----------------------+--+--+---------------------------------+
 * |          0           |R |D | mask, target 0 in the lowest bit |
 * +----------------------+--+--+---------------------------------+
 * </pre>
 *
 * <p>D: the descriptor says so itself, by a mask or by a structure; otherwise it follows from
 * earlier ones. R: the descriptor is to be written anew so that it says so. A packet of which
 * nothing is known has an empty mask.
 *
 * <p>Stateless and thread-safe; allocates nothing.
 */
public final class ActiveTargets {
  /** Nothing is known. */
  public static final long NONE = 0;

  private static final long MASK = 0xffff_ffffL;
  private static final long DESCRIBED = 1L << 32;
  private static final long REWRITE = 1L << 33;

  private ActiveTargets() {}

  /**
   * What the sender says.
   *
   * @param mask the targets that are active
   * @param described whether the packet's own descriptor says so
   */
  public static long sent(int mask, boolean described) {
    return (mask & MASK) | (described ? DESCRIBED : 0);
  }

  /**
   * What a receiver is to be told, if it is not what the packet says already.
   *
   * @param sent what the sender says
   * @param forwarded the targets that can be decoded from what the receiver gets
   * @param changed whether the receiver takes others for active until it is told
   */
  public static long towards(long sent, int forwarded, boolean changed) {
    int both = mask(sent) & forwarded;
    boolean saysIt = described(sent) ? both == mask(sent) : !changed;
    return both == 0 || saysIt ? sent : (both & MASK) | REWRITE;
  }

  /** The targets that are active. */
  public static int mask(long state) {
    return (int) state;
  }

  /** Whether the packet's descriptor says so itself. */
  public static boolean described(long state) {
    return (state & DESCRIBED) != 0;
  }

  /** Whether the descriptor is to be written anew. */
  public static boolean rewrites(long state) {
    return (state & REWRITE) != 0;
  }
}
