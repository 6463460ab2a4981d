/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.perc4j.endpoint.rtp.ReorderBuffer;

/**
 * The file that a received stream is written to. Gets the packets of each encoding in the order in
 * which the bridge sent them; not thread-safe.
 */
interface Recording extends Closeable {
  /** A packet of one of the stream's encodings came. */
  void write(int ssrc, ReorderBuffer.Packet packet) throws IOException;

  /** Tells whether nothing can be decoded until a key frame comes. */
  boolean needsKeyFrame();

  /** Returns where it is written. */
  Path file();
}
