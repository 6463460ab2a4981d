/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jitsi.srtp.SrtpErrorStatus;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.InnerReceiver;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.SingleLayer;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * All keys that the bridge has: everything that the DTLS exporter yielded in any handshake with it.
 * Thread-safe.
 */
public final class BridgeKnowledge implements KeyTap {
  /** One direction of one layer of one transport. */
  public static final class Key {
    private final SrtpProfile profile;
    private final boolean inner;
    private final byte[] masterKey;
    private final byte[] masterSalt;

    Key(SrtpProfile profile, boolean inner, byte[] masterKey, byte[] masterSalt) {
      this.profile = profile;
      this.inner = inner;
      this.masterKey = masterKey;
      this.masterSalt = masterSalt;
    }

    /** Whether it is the half that must not be used, because the bridge has it. */
    public boolean isInner() {
      return inner;
    }

    /** Returns a copy. */
    public byte[] masterKey() {
      return masterKey.clone();
    }

    /** Returns a copy. */
    public byte[] masterSalt() {
      return masterSalt.clone();
    }
  }

  private static final int RTP_HEADER_BYTES = 12;

  private final List<Key> keys = new ArrayList<>();

  @Override
  public synchronized void keyingMaterial(SrtpProfile profile, byte[] exported) {
    int layers = profile.isDouble() ? 2 : 1;
    int keyLength = profile.keyLengthBytes();
    int saltLength = profile.saltLengthBytes();
    int salts = 2 * layers * keyLength;
    for (int i = 0; i < 2 * layers; i++) {
      keys.add(
          new Key(
              profile,
              profile.isDouble() && i % 2 == 0,
              Arrays.copyOfRange(exported, i * keyLength, (i + 1) * keyLength),
              Arrays.copyOfRange(exported, salts + i * saltLength, salts + (i + 1) * saltLength)));
    }
  }

  /** Returns the keys. */
  public synchronized List<Key> keys() {
    return List.copyOf(keys);
  }

  /**
   * Takes the hop-by-hop layer off, as the bridge can.
   *
   * @param datagrams as they were on the network, in order; of all kinds, to and from the bridge
   * @return the packets of RTP among them that one of the keys opens
   */
  public List<byte[]> openHopByHop(List<byte[]> datagrams) {
    List<SingleLayer> layers = new ArrayList<>();
    for (Key key : keys()) {
      if (!key.inner) {
        int keyLength = key.masterKey.length;
        byte[] keyThenSalt = Arrays.copyOf(key.masterKey, keyLength + key.masterSalt.length);
        System.arraycopy(key.masterSalt, 0, keyThenSalt, keyLength, key.masterSalt.length);
        layers.add(SingleLayer.of(key.profile, keyThenSalt.clone(), keyThenSalt));
      }
    }
    List<byte[]> opened = new ArrayList<>();
    for (byte[] datagram : datagrams) {
      if (isMedia(datagram) && !Rtcp.isRtcp(datagram)) {
        for (SingleLayer layer : layers) {
          OctetBuffer packet = new OctetBuffer(datagram, 0, datagram.length, 0);
          if (layer.unprotectRtp(packet) == SrtpErrorStatus.OK) {
            int end = packet.getOffset() + packet.getLength();
            opened.add(Arrays.copyOfRange(packet.getBuffer(), packet.getOffset(), end));
            break;
          }
        }
      }
    }
    return opened;
  }

  /** RFC 7983, section 7. */
  private static boolean isMedia(byte[] datagram) {
    return datagram.length >= RTP_HEADER_BYTES && (datagram[0] & 0xC0) == 0x80;
  }

  /**
   * Tries all keys on packets as the bridge has them when it has taken the hop-by-hop layer off.
   *
   * @return how many could be decrypted
   */
  public int decryptable(List<byte[]> innerProtected) {
    int count = 0;
    for (byte[] packet : innerProtected) {
      for (Key key : keys()) {
        if (key.profile.isDouble()
            && decrypts(
                DoubleSrtpProfile.fromId(key.profile.id()),
                SrtpMasterKey.copyOf(key.masterKey, key.masterSalt),
                packet)) {
          count++;
          break;
        }
      }
    }
    return count;
  }

  /**
   * Tells whether a key decrypts a packet; with the sender's own it must, or a search proves
   * nothing.
   */
  public static boolean decrypts(DoubleSrtpProfile profile, SrtpMasterKey key, byte[] packet) {
    InnerReceiver receiver = new InnerReceiver(profile, key);
    key.destroy();
    boolean opened =
        receiver.unprotect(new MediaPacket().wrap(packet.clone(), 0, packet.length))
            == DoubleSrtpResult.OK;
    receiver.destroy();
    return opened;
  }
}
