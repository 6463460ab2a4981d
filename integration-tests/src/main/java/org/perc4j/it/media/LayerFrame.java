/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.util.List;
import org.perc4j.endpoint.media.EncodedFrame;

/**
 * A frame of a clip.
 *
 * @param number in the clip, from 0
 * @param picture in the clip, from 0
 * @param references numbers of those that it is predicted from
 * @param encoded what a sender knows of it
 */
public record LayerFrame(int number, int picture, List<Integer> references, EncodedFrame encoded) {
  /** Copies the list. */
  public LayerFrame {
    references = List.copyOf(references);
  }

  /** Returns the spatial layer, from 0. */
  public int spatialId() {
    return encoded.spatialId();
  }

  /** Returns the temporal layer, from 0. */
  public int temporalId() {
    return encoded.temporalId();
  }

  /** Whether it is predicted from nothing but layers of the same picture. */
  public boolean key() {
    return encoded.key();
  }

  /** Whether nothing is predicted from it. */
  public boolean discardable() {
    return encoded.discardable();
  }

  /** Whether it is predicted from temporal layer 0 only. */
  public boolean layerSync() {
    return encoded.layerSync();
  }

  /** Whether a receiver can begin with any higher temporal layer after it. */
  public boolean switchingPoint() {
    return encoded.switchingPoint();
  }

  /** Returns the frame, not a copy. */
  public byte[] octets() {
    return encoded.octets();
  }

  @Override
  public String toString() {
    return "picture " + picture + " S" + spatialId() + " T" + temporalId() + (key() ? " key" : "");
  }
}
