/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.nio.ByteBuffer;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.RtpPacketView;

/** What the network sees of a protected RTP packet. */
public final class Wire {
  private static final int PADDING = 0x20;

  private Wire() {}

  /** Tells whether the P bit is set. */
  public static boolean isPadded(byte[] datagram) {
    return (datagram[0] & PADDING) != 0;
  }

  /** Returns the SSRC. */
  public static int ssrc(byte[] datagram) {
    return ByteBuffer.wrap(datagram).getInt(8);
  }

  /** Returns the sequence number. */
  public static int sequenceNumber(byte[] datagram) {
    return ByteBuffer.wrap(datagram).getShort(2) & 0xFFFF;
  }

  /** Tells whether the header extensions are encrypted (RFC 9335). */
  public static boolean isHidden(byte[] datagram) {
    try {
      RtpPacketView view = new RtpPacketView();
      view.wrap(datagram, 0, datagram.length);
      return ExtensionProfile.isCryptex(view.extensionProfile());
    } catch (MalformedPacketException e) {
      return false;
    }
  }
}
