/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.cc;

/** Signature only. Upstream: jvb/src/main/java/org/jitsi/videobridge/cc/RtpState.java */
public class RtpState {
  public RtpState(long ssrc, int maxSequenceNumber, long maxTimestamp) {
    throw new AssertionError("stub");
  }
}
