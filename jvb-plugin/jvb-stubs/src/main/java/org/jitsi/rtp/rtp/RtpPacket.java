/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.rtp.rtp;

import java.util.Set;
import org.jitsi.rtp.Packet;

/** Signature only. Upstream: rtp/src/main/kotlin/org/jitsi/rtp/rtp/RtpPacket.kt */
public class RtpPacket extends Packet {
  public RtpPacket(byte[] buffer, int offset, int length) {
    super(buffer, offset, length);
  }

  public final boolean isMarked() {
    throw new AssertionError("stub");
  }

  public final void setMarked(boolean value) {
    throw new AssertionError("stub");
  }

  public final int getPayloadType() {
    throw new AssertionError("stub");
  }

  public final int getSequenceNumber() {
    throw new AssertionError("stub");
  }

  public final void setSequenceNumber(int value) {
    throw new AssertionError("stub");
  }

  public final long getTimestamp() {
    throw new AssertionError("stub");
  }

  public final long getSsrc() {
    throw new AssertionError("stub");
  }

  public final HeaderExtension getHeaderExtension(int extensionId) {
    throw new AssertionError("stub");
  }

  public final void removeHeaderExtension(int id) {
    throw new AssertionError("stub");
  }

  public final void removeHeaderExtensionsExcept(Set<Integer> retain) {
    throw new AssertionError("stub");
  }

  public final HeaderExtension addHeaderExtension(int id, int extDataLength) {
    throw new AssertionError("stub");
  }

  /** Signature only. */
  public interface HeaderExtension {
    byte[] getBuffer();

    int getDataOffset();

    int getDataLengthBytes();
  }
}
