/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The {@code <body/>} that a server answers with (XEP-0124): its start, and what is in it. */
final class BoshBody {
  private static final String ROOT = "body";
  private static final int CHUNK_BYTES = 8 * 1024;

  /** Takes an element of the stream. */
  interface Elements {
    void take(String xml) throws IOException;
  }

  private @Nullable StartTag tag;

  private BoshBody() {}

  /**
   * Reads a body, and gives out its elements as they come.
   *
   * @return the start tag
   * @throws WebException if it is malformed, incomplete, or an element is too long
   */
  static StartTag read(InputStream input, Elements elements) throws IOException {
    BoshBody body = new BoshBody();
    ElementSplitter splitter =
        new ElementSplitter(
            ROOT,
            StreamNames.MAX_ELEMENT_BYTES,
            new ElementSplitter.Sink() {
              @Override
              public void opened(StartTag root) throws WebException {
                if (body.tag != null) {
                  throw WebException.malformed("a BOSH body within a body");
                }
                body.tag = root;
              }

              @Override
              public void element(String xml) throws IOException {
                elements.take(xml);
              }

              @Override
              public void closed() {}
            });
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = input.read(chunk); count >= 0; count = input.read(chunk)) {
      splitter.write(chunk, 0, count);
    }
    if (body.tag == null || !splitter.isEnded()) {
      throw WebException.malformed("an answer is not a whole BOSH body");
    }
    return body.tag;
  }
}
