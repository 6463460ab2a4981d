/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.Closeable;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

/** Takes what comes of a call, on the thread of its media, which it must not block. */
public interface MediaTaker extends Closeable {
  /** A piece of sound is to be played now, behind the one before. */
  void sound(Source source, SoundBuffer.Piece piece);

  /**
   * A picture is to be shown now.
   *
   * @return false if it is left out, as those behind it are before the next key
   */
  @CanIgnoreReturnValue
  boolean picture(Source source, IncomingPicture picture);

  /** A source is not there any more. */
  void gone(Source source);

  /** Nothing more comes. */
  @Override
  void close();
}
