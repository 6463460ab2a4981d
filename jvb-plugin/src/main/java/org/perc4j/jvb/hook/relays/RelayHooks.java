/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.relays;

import org.jitsi.nlj.RtpSender;
import org.jitsi.nlj.rtp.RtpExtensionType;

/** Has links between bridges keep more. Thread-safe. */
public final class RelayHooks {
  private RelayHooks() {}

  /**
   * What sends an endpoint's packets over a link to another bridge keeps what that bridge allocates
   * by. The bridge asks this of the link's transceiver only, which sends no media.
   */
  public static void relaySenderMade(RtpSender sender) {
    sender.addRtpExtensionToRetain(RtpExtensionType.VLA);
  }
}
