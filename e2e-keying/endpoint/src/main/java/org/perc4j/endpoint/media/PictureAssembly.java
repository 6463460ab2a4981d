/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.util.List;

/**
 * Puts the payloads of a stream together to pictures. It is given those of one picture in order and
 * without gaps. Not thread-safe.
 */
public interface PictureAssembly {
  /** Forgets what was begun. */
  void reset();

  /**
   * Takes the next payload.
   *
   * @return whether it is well-formed and can follow; if not, the picture is lost
   */
  boolean add(byte[] payload);

  /**
   * Ends the picture, and begins the next.
   *
   * @return its layer frames, lowest first; none if something is missing
   */
  List<byte[]> finish();
}
