/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Objects;

/**
 * Which layers an encoder was told to make.
 *
 * @param spatial how many spatial layers there are, 1 to 3
 * @param temporal how many temporal layers there are, 1 to 3
 * @param interLayer where a spatial layer is predicted from the one below it; of no meaning with
 *     one spatial layer
 * @param switchingUp whether the encoder promises that each frame is one at which a receiver can go
 *     over to higher temporal layers: no later frame of a higher temporal layer refers to one of
 *     these before it. The usual dyadic patterns are like that. VP9's payloads tell it of each
 *     frame, but AV1's say nothing, and a bridge may not go over to a higher temporal layer without
 *     a key picture then.
 */
public record SvcLayers(int spatial, int temporal, InterLayer interLayer, boolean switchingUp) {
  /** The most spatial layers; more would not fit in the templates of a dependency structure. */
  public static final int MAX_SPATIAL = 3;

  /** The most temporal layers. */
  public static final int MAX_TEMPORAL = 3;

  /** Where a spatial layer is predicted from the one below it. */
  public enum InterLayer {
    /** In every picture: full SVC, such as L3T3. */
    EVERY_PICTURE,
    /** In key pictures only: K-SVC, such as L3T3_KEY. */
    KEY_PICTURES,
    /** Never: simulcast within a stream, such as S3T3. */
    NEVER
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there are more or less layers than there can be
   */
  public SvcLayers {
    Objects.requireNonNull(interLayer);
    if (spatial < 1 || spatial > MAX_SPATIAL || temporal < 1 || temporal > MAX_TEMPORAL) {
      throw new IllegalArgumentException(spatial + " spatial and " + temporal + " temporal layers");
    }
  }

  /** Full SVC, of which nothing is promised. */
  public static SvcLayers full(int spatial, int temporal) {
    return new SvcLayers(spatial, temporal, InterLayer.EVERY_PICTURE, false);
  }

  /** The same layers, with the promise that each frame is a switching up point. */
  public SvcLayers withSwitchingUp() {
    return new SvcLayers(spatial, temporal, interLayer, true);
  }
}
