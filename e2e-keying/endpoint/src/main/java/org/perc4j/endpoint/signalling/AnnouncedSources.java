/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who announced which SSRC in a conference. A hint only: whose packet it is, the inner key decides.
 * Thread-safe.
 */
public final class AnnouncedSources {
  /** The most SSRCs that are told apart. */
  public static final int MAX_SSRCS = 16_384;

  private final Map<Integer, Source> bySsrc = new ConcurrentHashMap<>();

  /** Announces sources; those beyond {@link #MAX_SSRCS} are left out. */
  public void add(List<Source> sources) {
    for (Source source : sources) {
      if (bySsrc.size() + 2 * source.encodings().size() > MAX_SSRCS) {
        continue;
      }
      for (Source.Encoding encoding : source.encodings()) {
        bySsrc.put(encoding.ssrc(), source);
        if (encoding.rtxSsrc() != 0) {
          bySsrc.put(encoding.rtxSsrc(), source);
        }
      }
    }
  }

  /** Withdraws sources. */
  public void remove(List<Source> sources) {
    for (Source source : sources) {
      boolean unused = bySsrc.keySet().removeIf(ssrc -> source.encoding(ssrc) >= 0);
    }
  }

  /** Withdraws all sources. */
  public void clear() {
    bySsrc.clear();
  }

  /** Withdraws all sources of an endpoint. */
  public void remove(String owner) {
    boolean unused = bySsrc.values().removeIf(source -> source.owner().equals(owner));
  }

  /** Returns the source that has an SSRC, for media or for repair, or null. */
  public @Nullable Source source(int ssrc) {
    return bySsrc.get(ssrc);
  }
}
