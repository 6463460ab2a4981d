/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.transport.dtls;

/**
 * Signature only. Upstream:
 * jvb/src/main/kotlin/org/jitsi/videobridge/transport/dtls/DtlsTransport.kt
 */
public final class DtlsTransport {
  public EventHandler eventHandler;

  private DtlsTransport() {}

  public interface EventHandler {}
}
