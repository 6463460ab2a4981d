/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.perc4j.endpoint.media.VideoCodec;

/** The clips as decoders of others see them: what a bridge may leave out is not missed. */
class LayeredClipTest {
  private static final int SYNC = 10;
  private static final int NO_SYNC = 14;

  @TempDir Path directory = Path.of("");

  static Stream<LayeredClip> clips() throws IOException {
    List<LayeredClip> clips = new ArrayList<>(Clips.simulcast());
    clips.add(Clips.layered(VideoCodec.VP9));
    clips.add(Clips.layered(VideoCodec.AV1));
    clips.add(Clips.layered(VideoCodec.H264));
    return clips.stream();
  }

  @ParameterizedTest
  @MethodSource("clips")
  void decodesAtEveryOperatingPoint(LayeredClip clip) throws Exception {
    for (int spatial = 0; spatial < clip.spatialLayers(); spatial++) {
      List<String> all = List.of();
      for (int temporal = clip.temporalLayers() - 1; temporal >= 0; temporal--) {
        int highest = spatial;
        int fastest = temporal;
        List<String> pictures =
            decode(
                clip,
                frame -> frame.spatialId() <= highest && frame.temporalId() <= fastest,
                highest);
        if (temporal == clip.temporalLayers() - 1) {
          all = pictures;
          assertEquals(clip.length(), all.size());
        } else {
          assertEquals(every(all, clip, picture -> temporalId(clip, picture) <= fastest), pictures);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("clips")
  void higherLayersCanBeginWhereTheStructureSaysSo(LayeredClip clip) throws Exception {
    int spatial = clip.spatialLayers() - 1;
    List<String> both = decode(clip, frame -> frame.temporalId() <= 1, spatial);
    assertEquals(true, clip.picture(SYNC).get(spatial).layerSync());
    List<String> fromSync = decode(clip, frame -> beginsAt(frame, SYNC), spatial);
    assertEquals(both.subList(SYNC / 2, both.size()), fromSync.subList(3, fromSync.size()));

    List<String> fromNoSync = decode(clip, frame -> beginsAt(frame, NO_SYNC), spatial);
    List<String> same = both.subList(NO_SYNC / 2, both.size());
    List<String> other = fromNoSync.subList(4, fromNoSync.size());
    if (clip.picture(NO_SYNC).get(spatial).layerSync()) {
      assertEquals(same, other);
    } else {
      assertNotEquals(same, other);
    }
  }

  /** Temporal layer 0, and from a picture on layer 1 with it. */
  private static boolean beginsAt(LayerFrame frame, int picture) {
    return frame.temporalId() == 0 || (frame.temporalId() == 1 && frame.picture() >= picture);
  }

  private static int temporalId(LayeredClip clip, int picture) {
    return clip.picture(picture).get(0).temporalId();
  }

  private static List<String> every(List<String> all, LayeredClip clip, Predicate<Integer> wanted) {
    List<String> some = new ArrayList<>();
    for (int picture = 0; picture < clip.length(); picture++) {
      if (wanted.test(picture)) {
        some.add(all.get(picture));
      }
    }
    return some;
  }

  /** Returns what the decoder made of the pictures, and that nothing was wrong with them. */
  private List<String> decode(LayeredClip clip, Predicate<LayerFrame> wanted, int highest)
      throws IOException, InterruptedException {
    List<Long> times = new ArrayList<>();
    Path path;
    try (VideoFile file = new VideoFile(directory, "cut", clip.codec())) {
      path = file.path();
      for (int picture = 0; picture < clip.length(); picture++) {
        List<byte[]> frames =
            clip.picture(picture).stream().filter(wanted).map(LayerFrame::octets).toList();
        if (!frames.isEmpty()) {
          times.add(picture * 3000L);
          file.write(frames, picture * 3000L);
        }
      }
    }
    Decoding decoding = Decoding.of(path, clip.codec());
    assertEquals(List.of(), decoding.complaints());
    assertEquals(List.of(clip.height(highest)), decoding.heights());
    assertEquals(times.size(), decoding.frames().size());
    for (int i = 0; i < times.size(); i++) {
      assertEquals(clip.width(highest), decoding.frames().get(i).width());
      if (clip.codec() != VideoCodec.H264) {
        assertEquals(times.get(i), decoding.frames().get(i).pts());
      }
    }
    return decoding.frames().stream().map(Decoding.Frame::checksum).toList();
  }

  @ParameterizedTest
  @MethodSource("clips")
  void hasOneKeyAtItsBeginning(LayeredClip clip) {
    for (int picture = 0; picture < clip.length(); picture++) {
      for (LayerFrame frame : clip.picture(picture)) {
        assertEquals(picture == 0, frame.key(), frame.toString());
        assertEquals(
            frame.temporalId() == 2 && frame.spatialId() == clip.spatialLayers() - 1,
            frame.discardable(),
            frame.toString());
      }
      assertEquals(
          picture == 0,
          clip.codec().isKey(clip.picture(picture).stream().map(LayerFrame::octets).toList()));
    }
    assertEquals(clip.picture(1), clip.picture(clip.length() + 1L));
    assertEquals(0, clip.length() % 8);
    assertEquals(30, clip.framesPerSecond());
  }

  @Test
  void knowsTheStructure() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    assertEquals(3, clip.spatialLayers());
    assertEquals(3, clip.temporalLayers());
    assertEquals(1280, clip.width(2));
    assertEquals(180, clip.height(0));
    // Picture 14, which is predicted from picture 10.
    LayerFrame frame = clip.picture(14).get(1);
    assertEquals(List.of(31, 42), frame.references());
    assertEquals(1, frame.temporalId());
    assertEquals(false, frame.layerSync());
    assertEquals(true, frame.switchingPoint());
    // Picture 13 is predicted from picture 10.
    assertEquals(false, clip.picture(12).get(0).switchingPoint());
    assertEquals(true, clip.picture(8).get(0).switchingPoint());
  }

  @Test
  void refusesWhatIsNoClip() throws Exception {
    byte[] file = {'D', 'K', 'I', 'F'};
    assertThrows(IOException.class, () -> LayeredClip.parse(file, "0 0 0 -"));
    byte[] empty = new byte[32];
    System.arraycopy("DKIF\0\0\40\0VP80".getBytes(StandardCharsets.US_ASCII), 0, empty, 0, 12);
    assertThrows(IOException.class, () -> LayeredClip.parse(empty, ""));
    assertThrows(IOException.class, () -> LayeredClip.parse(empty, "0 0 0 -"));
    byte[] one = new byte[32 + 12 + 1];
    System.arraycopy(empty, 0, one, 0, 12);
    one[32] = 1;
    assertThrows(IOException.class, () -> LayeredClip.parse(one, "0 0 -"));
    assertThrows(IOException.class, () -> LayeredClip.parse(one, "0 0 0 0"));
  }
}
