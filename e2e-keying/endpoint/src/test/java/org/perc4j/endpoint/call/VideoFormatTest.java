/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.endpoint.media.VideoCodec;

class VideoFormatTest {
  private static final VideoFormat THREE =
      new VideoFormat(
          VideoCodec.VP8,
          List.of(
              new VideoFormat.Layer(320, 180, 150_000),
              new VideoFormat.Layer(640, 360, 500_000),
              new VideoFormat.Layer(1280, 720, 1_500_000)),
          3);

  @ParameterizedTest
  @CsvSource({"VP8, 3", "H264, 3", "VP9, 1", "AV1, 1"})
  void layersAreEncodingsUnlessTheCodecHasLayers(VideoCodec codec, int encodings) {
    assertEquals(encodings, new VideoFormat(codec, THREE.layers(), 1).encodings());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "4, 1", "1, 0", "1, 4"})
  void refusesMoreThanThereCanBe(int layers, int temporalLayers) {
    List<VideoFormat.Layer> all = Collections.nCopies(layers, THREE.layers().get(0));
    assertThrows(
        IllegalArgumentException.class, () -> new VideoFormat(VideoCodec.VP8, all, temporalLayers));
  }

  @ParameterizedTest
  @CsvSource({"0, 180, 1", "320, 0, 1", "320, 180, 0", "16385, 180, 1", "320, 16385, 1"})
  void refusesWhatIsNoLayer(int width, int height, int bitsPerSecond) {
    assertThrows(
        IllegalArgumentException.class, () -> new VideoFormat.Layer(width, height, bitsPerSecond));
  }

  @Test
  void eachQualityNeedsWhatIsBelowIt() {
    assertArrayEquals(
        new double[] {150_000, 650_000, 2_150_000},
        new VideoLadder(THREE, layer -> {}).neededBps());
  }

  @Test
  void asksForAKeyOfWhatComesBackOnly() {
    List<Integer> wanted = new ArrayList<>();
    VideoLadder ladder = new VideoLadder(THREE, wanted::add);
    assertEquals(-1, ladder.allowed());
    ladder.allow(-1);
    ladder.allow(1);
    assertEquals(List.of(0, 1), wanted);
    ladder.allow(1);
    ladder.allow(0);
    assertEquals(List.of(0, 1), wanted);
    ladder.allow(2);
    assertEquals(List.of(0, 1, 1, 2), wanted);
    assertEquals(2, ladder.allowed());
  }
}
