/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.rtp;

/** Signature only. Upstream: rtp/src/main/kotlin/org/jitsi/rtp/Packet.kt */
public abstract class Packet extends ByteArrayBufferImpl {
  public Packet(byte[] buffer, int offset, int length) {
    super(buffer, offset, length);
  }
}
