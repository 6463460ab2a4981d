/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge;

/** Signature only. Upstream: jvb/src/main/kotlin/org/jitsi/videobridge/AbstractEndpoint.kt */
public abstract class AbstractEndpoint {
  AbstractEndpoint() {}

  public final Conference getConference() {
    throw new AssertionError("stub");
  }

  public final String getId() {
    throw new AssertionError("stub");
  }

  public final void removeReceiver(String receiverId) {
    throw new AssertionError("stub");
  }
}
