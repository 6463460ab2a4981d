/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.rtp.SsrcAssociationType;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.junit.jupiter.api.Test;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.Frame;

/** What single packets say, by their octets. */
class FrameReaderTest {
  private static final String HEADER = "06000010000000a0000beef";

  /** One-octet form; identifier 4 is the frame marking, 5 the dependency descriptor. */
  private static final String MARKED_INTER = "bede0001" + "40c00000";

  private static final String MARKING_TOO_LONG = "bede0002" + "45c0000000000000";

  /** The first packet of a key frame of one layer, structure and all, as Chromium sends it. */
  private static final String DESCRIBED_KEY =
      "bede0004" + "5c" + "80000180003a410180ef808680" + "0000";

  private final BridgeCounters counters = new BridgeCounters();
  private final FrameReader reader = FrameReader.of(new Extensions(), System::nanoTime, counters);
  private final StreamReader stream = new StreamReader(0xbeef);

  @Test
  void streamsThatNeverSaidAnythingAreUnmarked() {
    assertEquals(Frame.UNMARKED, read(""));
    assertEquals(Frame.UNMARKED, read(MARKING_TOO_LONG));
    assertEquals(1, counters.get(BridgeCounter.MALFORMED_MARKINGS));
    assertEquals(Frame.UNMARKED, read(""));
  }

  @Test
  void packetsWithoutExtensionOrWithAMalformedOneDoNotMakeAMarkedStreamUnmarked() {
    assertEquals(Frame.KIND_MARKED, Frame.kind(read(MARKED_INTER)));

    assertTrue(Frame.isUnsaid(read("")));
    assertTrue(Frame.isUnsaid(read(MARKING_TOO_LONG)));
    assertEquals(Frame.KIND_MARKED, Frame.kind(read(MARKED_INTER)));
  }

  @Test
  void packetsWithoutExtensionDoNotMakeADescribedStreamUnmarked() {
    assertEquals(Frame.KIND_DESCRIBED, Frame.kind(read(DESCRIBED_KEY)));

    int frame = read("");
    assertTrue(Frame.isUnsaid(frame));
    assertFalse(Frame.startsStream(frame));
  }

  private int read(String extension) {
    byte[] packet =
        HexFormat.of()
            .parseHex((extension.isEmpty() ? "8" : "9") + HEADER + extension + "a1a2a3a4");
    return reader.frame(packet, 0, packet.length, stream);
  }

  /** Both extensions are negotiated. */
  private static final class Extensions implements ReadOnlyStreamInformationStore {
    @Override
    public void onRtpExtensionMapping(
        RtpExtensionType type, Function1<? super Integer, Unit> handler) {
      var unused = handler.invoke(type == RtpExtensionType.FRAME_MARKING ? 4 : 5);
    }

    @Override
    public Long getRemoteSecondarySsrc(long primarySsrc, SsrcAssociationType associationType) {
      throw new IllegalStateException("not asked for");
    }
  }
}
