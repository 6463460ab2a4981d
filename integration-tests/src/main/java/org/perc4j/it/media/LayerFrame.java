/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.util.List;

/**
 * A frame of one spatial layer of a picture, with its place in the structure of its clip.
 *
 * @param number in the clip, from 0
 * @param picture in the clip, from 0
 * @param references numbers of those that it is predicted from
 * @param key whether it is predicted from nothing but layers of the same picture
 * @param discardable whether nothing is predicted from it
 * @param layerSync whether a receiver of lower temporal layers can begin with this one here, since
 *     it is predicted from temporal layer 0 only (Y of RFC 7741)
 * @param switchingPoint whether a receiver of this temporal layer can begin with any higher one
 *     after it (U of RFC 9628)
 * @param octets not copied
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record LayerFrame(
    int number,
    int picture,
    int spatialId,
    int temporalId,
    List<Integer> references,
    boolean key,
    boolean discardable,
    boolean layerSync,
    boolean switchingPoint,
    byte[] octets) {
  /** Copies the list. */
  public LayerFrame {
    references = List.copyOf(references);
  }

  @Override
  public String toString() {
    return "picture " + picture + " S" + spatialId + " T" + temporalId + (key ? " key" : "");
  }
}
