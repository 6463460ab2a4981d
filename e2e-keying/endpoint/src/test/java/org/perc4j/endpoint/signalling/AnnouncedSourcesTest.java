/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;

class AnnouncedSourcesTest {
  private final AnnouncedSources sources = new AnnouncedSources();

  private static Source source(String owner, int ssrc, int rtxSsrc) {
    return new Source(owner, owner + "-v0", MediaKind.VIDEO, ssrc, rtxSsrc);
  }

  @Test
  void knowsSourcesByTheSsrcsOfMediaAndOfRepair() {
    Source one = source("one", 1, 2);
    sources.add(List.of(one, source("other", 3, 0)));
    assertEquals(one, sources.source(1));
    assertEquals(one, sources.source(2));
    assertNull(sources.source(0), "no repair stream");
    sources.remove("one");
    assertNull(sources.source(2));
    assertNotNull(sources.source(3));
    sources.remove(List.of(source("other", 3, 0)));
    assertNull(sources.source(3));
  }

  @Test
  void leavesOutWhatIsTooMuch() {
    for (int i = 0; i < AnnouncedSources.MAX_SSRCS; i++) {
      sources.add(List.of(source("e" + i, 2 * i + 1, 2 * i + 2)));
    }
    assertNotNull(sources.source(AnnouncedSources.MAX_SSRCS));
    assertNull(sources.source(AnnouncedSources.MAX_SSRCS + 1));
    sources.remove("e0");
    sources.add(List.of(source("late", 0x7FFF_0001, 0x7FFF_0002)));
    assertNotNull(sources.source(0x7FFF_0001), "there is room again");
  }
}
