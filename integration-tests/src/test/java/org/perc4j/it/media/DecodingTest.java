/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.VideoCodec;

class DecodingTest {
  @TempDir Path directory = Path.of("");

  @Test
  void followsEncodingsOfOneSource() throws Exception {
    List<LayeredClip> encodings = Clips.simulcast();
    Path path;
    try (VideoFile file = new VideoFile(directory, "switched", VideoCodec.VP8)) {
      path = file.path();
      long timestamp = 0;
      for (int encoding : new int[] {0, 2, 1}) {
        for (int picture = 0; picture < 8; picture++) {
          byte[] frame = encodings.get(encoding).picture(picture).get(0).octets();
          file.write(List.of(frame), timestamp);
          timestamp += 3000;
        }
      }
    }
    Decoding decoding = Decoding.of(path, VideoCodec.VP8);
    assertEquals(List.of(), decoding.complaints());
    assertEquals(List.of(180, 720, 360), decoding.heights());
    assertEquals(24, decoding.frames().size());
    assertEquals(3000, decoding.frames().get(1).pts());
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void complainsOfWhatCanNotBeDecoded(VideoCodec codec) throws Exception {
    LayeredClip clip = Clips.layered(codec);
    Path path;
    try (VideoFile file = new VideoFile(directory, "damaged", codec)) {
      path = file.path();
      for (int picture = 0; picture < 8; picture++) {
        List<byte[]> frames =
            clip.picture(picture).stream()
                // Without the key there is nothing to begin with.
                .filter(frame -> !frame.key())
                .map(LayerFrame::octets)
                .toList();
        if (!frames.isEmpty()) {
          file.write(frames, 3000L * picture);
        }
      }
    }
    assertFalse(Decoding.of(path, codec).complaints().isEmpty());
  }

  @Test
  void complainsOfWhatIsNoVideo() throws Exception {
    Path path = Files.write(directory.resolve("nothing.ivf"), new byte[100]);
    Decoding decoding = Decoding.of(path, VideoCodec.VP9);
    assertFalse(decoding.complaints().isEmpty());
    assertEquals(List.of(), decoding.frames());
  }
}
