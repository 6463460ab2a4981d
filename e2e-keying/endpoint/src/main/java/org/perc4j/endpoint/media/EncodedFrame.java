/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.util.List;

/**
 * A frame of one spatial layer of a picture, as an encoder makes it, with its place among the
 * others.
 *
 * @param key whether it is predicted from nothing but layers of the same picture
 * @param spatialId 0 to 7, lowest first
 * @param temporalId 0 to 7, lowest first
 * @param pictureDifferences how many pictures earlier those were that it is predicted from, 1 to
 *     127; at most three
 * @param interLayer whether it is predicted from the spatial layer below of the same picture
 * @param usedAbove whether a higher spatial layer of the same picture is predicted from it
 * @param discardable whether nothing is predicted from it
 * @param layerSync whether a receiver of lower temporal layers can begin with this one here, since
 *     it is predicted from temporal layer 0 only (Y of RFC 7741)
 * @param switchingPoint whether a receiver of this temporal layer can begin with any higher one
 *     after it (U of RFC 9628)
 * @param octets not copied
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record EncodedFrame(
    boolean key,
    int spatialId,
    int temporalId,
    List<Integer> pictureDifferences,
    boolean interLayer,
    boolean usedAbove,
    boolean discardable,
    boolean layerSync,
    boolean switchingPoint,
    byte[] octets) {
  private static final int MAX_LAYER_ID = 7;

  /** RFC 9628, section 4.2: three references, each in seven bits. */
  private static final int MAX_DIFFERENCES = 3;

  private static final int MAX_DIFFERENCE = 127;

  /** Copies the list. */
  public EncodedFrame {
    pictureDifferences = List.copyOf(pictureDifferences);
    if (spatialId < 0 || spatialId > MAX_LAYER_ID || temporalId < 0 || temporalId > MAX_LAYER_ID) {
      throw new IllegalArgumentException("layer S" + spatialId + " T" + temporalId);
    }
    if (pictureDifferences.size() > MAX_DIFFERENCES
        || pictureDifferences.stream().anyMatch(one -> one < 1 || one > MAX_DIFFERENCE)) {
      throw new IllegalArgumentException("predicted from " + pictureDifferences);
    }
  }

  /** A frame of a stream without layers, in which each is predicted from the one before. */
  public static EncodedFrame withoutLayers(boolean key, byte[] octets) {
    return new EncodedFrame(
        key, 0, 0, key ? List.of() : List.of(1), false, false, false, false, false, octets);
  }
}
