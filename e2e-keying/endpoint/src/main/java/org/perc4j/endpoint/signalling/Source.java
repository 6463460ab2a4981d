/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import java.util.List;
import org.perc4j.endpoint.media.MediaKind;

/**
 * A source as signalled.
 *
 * @param owner the endpoint's identifier
 * @param name unique in the conference
 * @param encodings one, or for simulcast several of the same pictures, lowest first
 */
public record Source(String owner, String name, MediaKind kind, List<Encoding> encodings) {
  /**
   * An RTP stream with its repair stream.
   *
   * @param ssrc of the media
   * @param rtxSsrc of the repair stream (RFC 4588), or 0 if there is none
   */
  public record Encoding(int ssrc, int rtxSsrc) {
    /** Tells whether an SSRC is one of the two. */
    public boolean has(int either) {
      return either == ssrc || (either == rtxSsrc && rtxSsrc != 0);
    }
  }

  /** Copies the list. */
  public Source {
    encodings = List.copyOf(encodings);
    if (encodings.isEmpty()) {
      throw new IllegalArgumentException("a source without encoding");
    }
  }

  /** A source in one encoding. */
  public Source(String owner, String name, MediaKind kind, int ssrc, int rtxSsrc) {
    this(owner, name, kind, List.of(new Encoding(ssrc, rtxSsrc)));
  }

  /** Returns the SSRC by which the source is known: that of the lowest encoding. */
  public int ssrc() {
    return encodings.get(0).ssrc();
  }

  /** Returns the repair stream's SSRC of the lowest encoding, or 0 if there is none. */
  public int rtxSsrc() {
    return encodings.get(0).rtxSsrc();
  }

  /** Returns which encoding an SSRC belongs to, for media or for repair; or -1. */
  public int encoding(int ssrc) {
    for (int i = 0; i < encodings.size(); i++) {
      if (encodings.get(i).has(ssrc)) {
        return i;
      }
    }
    return -1;
  }
}
