/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.layers;

import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.media.LayerFrame;

/**
 * What a receiver is to have of a source: one encoding, with its layers up to these.
 *
 * @param encoding index in the source, lowest first
 */
public record LayerChoice(int encoding, int spatialId, int temporalId) {
  /** Tells whether a packet is of these layers. */
  public boolean includes(SentStream.Packet packet) {
    LayerFrame frame = packet.frame();
    return frame != null
        && packet.encoding() == encoding
        && frame.spatialId() <= spatialId
        && frame.temporalId() <= temporalId;
  }

  /** Tells whether a packet is of the highest of these layers in every dimension. */
  boolean isTop(SentStream.Packet packet) {
    LayerFrame frame = packet.frame();
    return frame != null
        && includes(packet)
        && frame.spatialId() == spatialId
        && frame.temporalId() == temporalId;
  }

  /** Tells whether another choice has a layer that this one lacks. */
  boolean lacksSomethingOf(LayerChoice other) {
    return encoding != other.encoding
        || spatialId < other.spatialId
        || temporalId < other.temporalId;
  }

  @Override
  public String toString() {
    return "E" + encoding + "S" + spatialId + "T" + temporalId;
  }
}
