/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge;

/** Signature only. Upstream: jvb/src/main/java/org/jitsi/videobridge/Conference.java */
public class Conference {
  Conference() {}

  public AbstractEndpoint getEndpoint(String id) {
    throw new AssertionError("stub");
  }

  public AbstractEndpoint getEndpointBySsrc(long ssrc) {
    throw new AssertionError("stub");
  }
}
