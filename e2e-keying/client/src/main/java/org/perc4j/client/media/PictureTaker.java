/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import org.perc4j.client.gstreamer.Frame;
import org.perc4j.endpoint.signalling.Source;

/** Shows pictures to people. */
public interface PictureTaker {
  /**
   * The next picture of a source, on a thread of that source's.
   *
   * @param bgrx four octets for each pixel: blue, green, red, nothing
   */
  void picture(Source source, Frame bgrx);

  /** There are no more pictures of a source. */
  void gone(Source source);
}
