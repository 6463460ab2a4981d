/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.layers;

import java.util.List;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.it.bridge.PayloadTypes;
import org.perc4j.it.endpoint.FramePacket;
import org.perc4j.it.endpoint.HeaderExtension;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.media.LayerFrame;

/** Markings by what is known of a clip, not by its payloads. */
public final class LayerMarkings {
  private LayerMarkings() {}

  /** Frame marking (RFC 9626) in its long form, the same for all encodings. */
  public static PacketMarkings.Factory frameMarking() {
    return encoding -> LayerMarkings::mark;
  }

  private static List<HeaderExtension> mark(FramePacket packet) {
    LayerFrame frame = packet.frame();
    byte[] octets = new byte[FrameMarkingCodec.MAX_LENGTH];
    int unused =
        FrameMarkingCodec.write(
            FrameMarkingCodec.ofScalable(
                packet.firstOfFrame(),
                packet.lastOfFrame(),
                frame.key(),
                frame.discardable(),
                frame.layerSync(),
                frame.temporalId(),
                frame.spatialId(),
                0),
            octets,
            0);
    return List.of(new HeaderExtension(PayloadTypes.FRAME_MARKING_EXTENSION, octets));
  }
}
