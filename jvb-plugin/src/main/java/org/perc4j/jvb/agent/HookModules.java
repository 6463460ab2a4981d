/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.agent;

import java.util.List;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.debug.DebugModule;
import org.perc4j.jvb.hook.extensions.ExtensionModule;
import org.perc4j.jvb.hook.forwarding.ForwardingModule;
import org.perc4j.jvb.hook.handshake.HandshakeModule;
import org.perc4j.jvb.hook.metrics.MetricsModule;
import org.perc4j.jvb.hook.packets.PacketModule;
import org.perc4j.jvb.hook.relays.RelayModule;
import org.perc4j.jvb.hook.retransmission.RetransmissionModule;
import org.perc4j.jvb.hook.video.VideoModule;

/** Every concern of the plugin. */
public final class HookModules {
  private HookModules() {}

  /** One module for each, in the order in which a packet meets them. */
  public static List<HookModule> all() {
    return List.of(
        new HandshakeModule(),
        new PacketModule(),
        new RetransmissionModule(),
        new ExtensionModule(),
        new VideoModule(),
        new ForwardingModule(),
        new RelayModule(),
        new MetricsModule(),
        new DebugModule());
  }
}
