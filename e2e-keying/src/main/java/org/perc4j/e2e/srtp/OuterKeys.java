/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * An endpoint's hop-by-hop keys in both directions, from its DTLS handshake with the bridge.
 *
 * <p>The exporter's block has an inner half as well (RFC 8723 section 3). The handshake ends at the
 * bridge, which therefore knows that half: it must never protect media, and is erased here without
 * being read.
 */
public final class OuterKeys implements Destroyable {
  private final SrtpMasterKey send;
  private final SrtpMasterKey receive;

  private OuterKeys(SrtpMasterKey send, SrtpMasterKey receive) {
    this.send = send;
    this.receive = receive;
  }

  /**
   * Takes the outer halves out of what the DTLS exporter yielded, and zeroes the block.
   *
   * <pre>
   *   client_write_SRTP_master_key   inner key  | outer key      (RFC 5764 section 4.2)
   *   server_write_SRTP_master_key   inner key  | outer key
   *   client_write_SRTP_master_salt  inner salt | outer salt
   *   server_write_SRTP_master_salt  inner salt | outer salt
   * </pre>
   *
   * @param block {@link DoubleSrtpProfile#exporterLengthBytes} octets; zeroed before this returns
   * @param isClient whether this endpoint was the DTLS client
   * @throws IllegalArgumentException if the block has another length; it is zeroed then, too
   */
  public static OuterKeys fromExporter(DoubleSrtpProfile profile, byte[] block, boolean isClient) {
    try {
      if (block.length != profile.exporterLengthBytes()) {
        throw new IllegalArgumentException(
            "exporter block of " + block.length + " octets for " + profile);
      }
      SrtpMasterKey client = outerHalf(profile, block, 0);
      SrtpMasterKey server = outerHalf(profile, block, 1);
      return isClient ? new OuterKeys(client, server) : new OuterKeys(server, client);
    } finally {
      Arrays.fill(block, (byte) 0);
    }
  }

  private static SrtpMasterKey outerHalf(DoubleSrtpProfile profile, byte[] block, int writer) {
    int keyLength = profile.keyLengthBytes();
    int saltLength = DoubleSrtpProfile.SALT_LENGTH_BYTES;
    return SrtpMasterKey.copyOfRanges(
        block,
        (2 * writer + 1) * keyLength,
        keyLength,
        block,
        4 * keyLength + (2 * writer + 1) * saltLength,
        saltLength);
  }

  /** The key of the packets that this endpoint sends to the bridge. */
  public SrtpMasterKey send() {
    return send;
  }

  /** The key of the packets that this endpoint receives from the bridge. */
  public SrtpMasterKey receive() {
    return receive;
  }

  /**
   * Hands out the sending key in the clear, for an SRTCP implementation. RTCP is hop by hop only
   * and not handled here. The caller zeroes the array.
   *
   * @return a copy: 16 or 32 octets of master key, then 12 octets of master salt
   */
  public byte[] copySendKeyForHopByHopRtcp() {
    return keyThenSalt(send);
  }

  /**
   * Hands out the receiving key in the clear, for an SRTCP implementation. The caller zeroes the
   * array.
   *
   * @return a copy: 16 or 32 octets of master key, then 12 octets of master salt
   */
  public byte[] copyReceiveKeyForHopByHopRtcp() {
    return keyThenSalt(receive);
  }

  private static byte[] keyThenSalt(SrtpMasterKey master) {
    byte[] key = master.key();
    byte[] copy = Arrays.copyOf(key, key.length + master.salt().length);
    System.arraycopy(master.salt(), 0, copy, key.length, master.salt().length);
    return copy;
  }

  /** Zeroes both keys. */
  @Override
  public void destroy() {
    send.destroy();
    receive.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return send.isDestroyed() && receive.isDestroyed();
  }

  @Override
  public String toString() {
    return "OuterKeys[send=" + send + ", receive=" + receive + "]";
  }
}
