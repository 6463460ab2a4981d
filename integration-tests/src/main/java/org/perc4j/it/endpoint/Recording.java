/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The file that a received stream is written to. Gets packets in order; not thread-safe. */
interface Recording extends Closeable {
  void write(ReorderBuffer.Packet packet) throws IOException;

  /** Tells whether nothing can be decoded until a key frame comes. */
  boolean needsKeyFrame();

  /** Returns where it is written. */
  Path file();
}
