/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.client.gstreamer.FileProbe;
import org.perc4j.client.gstreamer.Frame;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

class RecorderTest {
  private static final Source PICTURES = new Source("1a2b", "1a2b-v0", MediaKind.VIDEO, 1, 2);
  private static final Source SOUND = new Source("1a2b", "1a2b-a0", MediaKind.AUDIO, 3, 0);
  private static final int COUNT = 10;
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2027-06-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder = Path.of("");
  private final GStreamer gstreamer = start();
  private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

  private static GStreamer start() {
    try {
      GStreamer there = GStreamer.start();
      there.require("videotestsrc", "vp8enc", "vp8dec", "opusenc", "opusdec", "matroskamux");
      return there;
    } catch (MediaException e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }

  private Recorder recorder() throws IOException {
    return new Recorder(
        gstreamer, folder, "https://meet.example/talk", CLOCK, nickname -> null, complaints::add);
  }

  private List<byte[]> encoded(String description) throws Exception {
    BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    try (Pipeline pipeline =
        Pipeline.launch(gstreamer, description + " ! appsink name=out sync=false")) {
      pipeline.pull("out", frames::add);
      pipeline.start();
      byte[][] octets = new byte[COUNT][];
      for (int i = 0; i < COUNT; i++) {
        octets[i] = Objects.requireNonNull(frames.poll(20, TimeUnit.SECONDS)).octets();
      }
      return List.of(octets);
    }
  }

  private List<byte[]> pictures(int width, int height) throws Exception {
    return encoded(
        "videotestsrc num-buffers=%d ! video/x-raw,width=%d,height=%d ! vp8enc deadline=1"
            .formatted(COUNT, width, height));
  }

  /**
   * Gives pictures, the first of which is a key.
   *
   * @param first when it was made, in pictures since the first of all
   */
  private static void pictures(Recorder recorder, List<byte[]> pictures, int first) {
    for (int i = 0; i < pictures.size(); i++) {
      recorder.picture(
          PICTURES,
          new IncomingPicture(
              VideoCodec.VP8, List.of(pictures.get(i)), i == 0, (first + i) * 3600L));
    }
  }

  private JsonNode files() throws IOException {
    JsonNode manifest =
        new ObjectMapper().readTree(Files.readString(folder.resolve("manifest.json")));
    assertEquals("https://meet.example/talk", manifest.path("meeting").asText());
    assertEquals("2027-06-01T12:00:00Z", manifest.path("began").asText());
    return manifest.path("files");
  }

  @Test
  void writesEachSourceIntoAFileOfItsOwn() throws Exception {
    List<byte[]> pictures = pictures(64, 48);
    List<byte[]> packets =
        encoded("audiotestsrc num-buffers=20 samplesperbuffer=960 ! opusenc frame-size=20");
    try (Recorder recorder = recorder()) {
      for (int i = 0; i < COUNT; i++) {
        recorder.sound(
            SOUND, new SoundBuffer.Piece(i * 960, 960, packets.get(i), System.nanoTime()));
        recorder.picture(
            PICTURES,
            new IncomingPicture(VideoCodec.VP8, List.of(pictures.get(i)), i == 0, i * 3600L));
      }
      recorder.gone(SOUND);
      recorder.gone(PICTURES);
    }
    assertEquals(List.of(), List.copyOf(complaints));
    JsonNode files = files();
    assertEquals(2, files.size());
    assertEquals("0001-unknown-audio.mkv", files.path(0).path("file").asText());
    assertEquals("OPUS", files.path(0).path("codec").asText());
    assertEquals("0002-unknown-video.mkv", files.path(1).path("file").asText());
    assertEquals("VP8", files.path(1).path("codec").asText());
    assertEquals(
        new FileProbe(true, false),
        FileProbe.of(gstreamer, folder.resolve("0001-unknown-audio.mkv")));
    assertEquals(
        new FileProbe(false, true),
        FileProbe.of(gstreamer, folder.resolve("0002-unknown-video.mkv")));
  }

  @Test
  void beginsWithAKeyAndGoesOnInTheSameFileInAnotherSize() throws Exception {
    List<byte[]> small = pictures(64, 48);
    List<byte[]> large = pictures(160, 120);
    try (Recorder recorder = recorder()) {
      recorder.picture(
          PICTURES, new IncomingPicture(VideoCodec.VP8, List.of(small.get(1)), false, 0));
      pictures(recorder, small, 0);
      pictures(recorder, large, COUNT);
    }
    assertEquals(1, files().size());
    assertEquals(List.of(), List.copyOf(complaints));
  }

  /** The bridge may go over to another encoding with a picture that was there in the first one. */
  @Test
  void aKeyStandsForThePictureBeforeThatWasMadeAtTheSameTime() throws Exception {
    List<byte[]> small = pictures(64, 48);
    List<byte[]> large = pictures(160, 120);
    try (Recorder recorder = recorder()) {
      pictures(recorder, small, 0);
      pictures(recorder, large, COUNT - 1);
    }
    BlockingQueue<Frame> written = new LinkedBlockingQueue<>();
    try (Pipeline pipeline =
        Pipeline.launch(
            gstreamer,
            "filesrc location=%s ! matroskademux ! appsink name=out sync=false"
                .formatted(folder.resolve("0001-unknown-video.mkv")))) {
      pipeline.pull("out", written::add);
      pipeline.start();
      for (int i = 0; i < 2 * COUNT - 1; i++) {
        Frame frame = Objects.requireNonNull(written.poll(20, TimeUnit.SECONDS));
        assertEquals(i * 40L, Math.round(frame.ptsNanos() / 1e6));
        assertArrayEquals(i < COUNT - 1 ? small.get(i) : large.get(i - COUNT + 1), frame.octets());
      }
    }
    assertEquals(List.of(), List.copyOf(complaints));
  }

  @Test
  void refusesAFolderThatHasARecording() throws Exception {
    recorder().close();
    IOException refused = assertThrows(IOException.class, this::recorder);
    assertTrue(String.valueOf(refused.getMessage()).contains("has a recording already"));
  }
}
