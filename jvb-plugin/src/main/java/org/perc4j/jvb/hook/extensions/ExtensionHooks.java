/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.extensions;

import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jitsi.rtp.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.signalling.RetainedExtensions;
import org.perc4j.jvb.video.DescriptorRewriting;

/**
 * Strips header extensions from double packets, and leaves those that receivers need. All of it is
 * thread-safe, and returns at once for what is not double.
 */
public final class ExtensionHooks {
  /** RFC 9626; the bridge knows the URI of draft 07. */
  private static final String FRAME_MARKING_URI = "urn:ietf:params:rtp-hdrext:framemarking";

  private ExtensionHooks() {}

  /** Notes for whom a node strips header extensions. */
  public static void stripperMade(Object stripper, ReadOnlyStreamInformationStore store) {
    ((ExtensionRetainer) stripper).perc4jRetained(RetainedExtensions.of(store));
  }

  /** Strips the header extensions of a double packet; false if the packet is not double. */
  public static boolean strip(Object stripper, PacketInfo packetInfo) {
    if (!PacketState.isDouble(packetInfo.getPacket())) {
      return false;
    }
    RetainedExtensions retained = ((ExtensionRetainer) stripper).perc4jRetained();
    if (retained != null) {
      RtpPacket packet = (RtpPacket) packetInfo.getPacket();
      packet.removeHeaderExtensionsExcept(retained.ids());
      tellActiveTargets(packet, retained.descriptorId());
    }
    return true;
  }

  private static void tellActiveTargets(RtpPacket packet, int descriptorId) {
    if (ActiveTargets.rewrites(((PacketState) (Object) packet).perc4jActiveTargets())) {
      try {
        DescriptorRewriting.rewrite(packet, descriptorId);
      } catch (RuntimeException e) {
        // The descriptor goes on as the sender wrote it.
        Plugin.failed(e);
      }
    }
  }

  /** One more extension is to be kept for a receiver. */
  public static void retain(Object stripper, RtpExtensionType type) {
    RetainedExtensions retained = ((ExtensionRetainer) stripper).perc4jRetained();
    if (retained != null) {
      retained.retain(type);
    }
  }

  /** The frame marking extension under its RFC 9626 URI. */
  public static @Nullable RtpExtensionType extensionType(
      @Nullable RtpExtensionType known, String uri) {
    return known == null && uri.equals(FRAME_MARKING_URI) ? RtpExtensionType.FRAME_MARKING : known;
  }
}
