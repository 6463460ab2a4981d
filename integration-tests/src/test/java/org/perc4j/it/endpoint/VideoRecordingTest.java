/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** What is recorded of what a bridge lets through, by what the decoder makes of it. */
class VideoRecordingTest {
  private static final int MAX_BYTES = 300;

  @TempDir Path directory = Path.of("");
  private final Map<Integer, Long> orders = new HashMap<>();
  private final List<Integer> lost = new ArrayList<>();

  @BeforeEach
  void beginsNumbersSomewhere() {
    orders.put(0, 0x1FFF0L);
    orders.put(1, 0x10000L);
    orders.put(2, 0x18000L);
  }

  /** Sends some layers of a range of pictures as the bridge would, without gaps. */
  private void send(
      VideoRecording recording,
      LayeredClip clip,
      int ssrc,
      int from,
      int to,
      Predicate<LayerFrame> wanted)
      throws IOException {
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.FLEXIBLE, 0, MAX_BYTES);
    for (int picture = from; picture < to; picture++) {
      List<LayerFrame> frames = clip.picture(picture);
      for (LayerFrame frame : frames) {
        List<byte[]> payloads = packetizer.packetize(frame.encoded());
        for (int i = 0; i < payloads.size() && wanted.test(frame); i++) {
          boolean marker =
              i == payloads.size() - 1 && frame.spatialId() == clip.spatialLayers() - 1;
          packet(recording, ssrc, picture, marker, payloads.get(i));
        }
      }
    }
  }

  private void packet(
      VideoRecording recording, int ssrc, int picture, boolean marker, byte[] payload)
      throws IOException {
    long order = orders.merge(ssrc, 1L, Long::sum);
    if (!lost.remove((Integer) picture)) {
      // Near where 32 bits end.
      long timestamp = (0xFFFFF000L + 3000L * picture) & 0xFFFFFFFFL;
      recording.write(ssrc, new ReorderBuffer.Packet(order, timestamp, marker, payload, 0));
    }
  }

  private static List<Decoding.Frame> decoded(VideoRecording recording)
      throws IOException, InterruptedException {
    recording.close();
    Decoding decoding = Decoding.of(recording.file(), recording.codec());
    assertEquals(List.of(), decoding.complaints());
    assertEquals(recording.frames().size(), decoding.frames().size());
    return decoding.frames();
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void recordsEverything(VideoCodec codec) throws Exception {
    LayeredClip clip = Clips.layered(codec);
    VideoRecording recording = new VideoRecording(directory, "all", codec);
    assertTrue(recording.needsKeyFrame());
    send(recording, clip, 0, 0, 16, frame -> true);
    assertFalse(recording.needsKeyFrame());
    List<Decoding.Frame> frames = decoded(recording);
    assertEquals(16, frames.size());
    assertEquals(clip.height(clip.spatialLayers() - 1), frames.get(15).height());
    if (codec != VideoCodec.H264) {
      assertEquals(15 * 3000, frames.get(15).pts());
    }
  }

  /** A bridge that reads payloads marks the end of the highest layer that it meant to send. */
  @Test
  void takesLayersBehindTheMarkerIntoThePicture() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    VideoRecording recording = new VideoRecording(directory, "marked", VideoCodec.VP9);
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.FLEXIBLE, 0, MAX_BYTES);
    for (int picture = 0; picture < 8; picture++) {
      for (LayerFrame frame : clip.picture(picture)) {
        List<byte[]> payloads = packetizer.packetize(frame.encoded());
        for (int i = 0; i < payloads.size(); i++) {
          packet(recording, 0, picture, i == payloads.size() - 1, payloads.get(i));
        }
      }
    }
    List<Decoding.Frame> frames = decoded(recording);
    assertEquals(8, frames.size());
    assertEquals(720, frames.get(0).height());
    assertEquals(3000, frames.get(1).pts());
  }

  /** Without the highest layer no packet has the marker: the next picture ends the last one. */
  @ParameterizedTest
  @EnumSource(
      value = VideoCodec.class,
      names = {"VP9", "AV1"})
  void recordsPicturesWithoutTheirHighestLayer(VideoCodec codec) throws Exception {
    LayeredClip clip = Clips.layered(codec);
    VideoRecording recording = new VideoRecording(directory, "low", codec);
    send(recording, clip, 0, 0, 16, frame -> frame.spatialId() < 2 && frame.temporalId() < 2);
    List<Decoding.Frame> frames = decoded(recording);
    // The last one of eight has not been ended yet.
    assertEquals(7, frames.size());
    assertEquals(360, frames.get(6).height());
    assertEquals(12 * 3000, frames.get(6).pts());
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void waitsForAKeyAfterALoss(VideoCodec codec) throws Exception {
    LayeredClip clip = Clips.layered(codec);
    VideoRecording recording = new VideoRecording(directory, "loss", codec);
    lost.add(5);
    send(recording, clip, 0, 0, 12, frame -> true);
    assertTrue(recording.needsKeyFrame());
    int before = recording.frames().size();
    assertEquals(5, before);
    send(recording, clip, 0, 96, 104, frame -> true);
    assertFalse(recording.needsKeyFrame());
    assertEquals(before + 8, decoded(recording).size());
  }

  @Test
  void waitsForAnotherKeyIfThatOneIsDamaged() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    VideoRecording recording = new VideoRecording(directory, "key", VideoCodec.VP9);
    lost.add(0);
    send(recording, clip, 0, 0, 10, frame -> true);
    assertEquals(0, recording.frames().size());
    assertTrue(recording.needsKeyFrame());
    send(recording, clip, 0, 96, 100, frame -> true);
    assertEquals(4, decoded(recording).size());
  }

  @Test
  void joinsInTheMiddle() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.AV1);
    VideoRecording recording = new VideoRecording(directory, "late", VideoCodec.AV1);
    send(recording, clip, 0, 90, 98, frame -> true);
    assertEquals(2, decoded(recording).size());
  }

  @Test
  void passesOverPaddingWithoutLoss() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP8);
    VideoRecording recording = new VideoRecording(directory, "padding", VideoCodec.VP8);
    send(recording, clip, 0, 0, 4, frame -> true);
    packet(recording, 0, 3, false, new byte[0]);
    send(recording, clip, 0, 4, 8, frame -> true);
    assertFalse(recording.needsKeyFrame());
    assertEquals(8, decoded(recording).size());
  }

  @Test
  void goesToAnotherEncodingAtItsKey() throws Exception {
    List<LayeredClip> encodings = Clips.simulcast();
    VideoRecording recording = new VideoRecording(directory, "encodings", VideoCodec.VP8);
    send(recording, encodings.get(0), 0, 0, 8, frame -> true);
    // Not its key: nobody can begin with it.
    send(recording, encodings.get(2), 2, 8, 12, frame -> true);
    assertTrue(recording.needsKeyFrame());
    assertEquals(8, recording.frames().size());
    // The lower one still could go on.
    send(recording, encodings.get(0), 0, 8, 12, frame -> true);
    assertFalse(recording.needsKeyFrame());
    // Its last picture is not known to be complete before something else comes.
    assertEquals(11, recording.frames().size());
    send(recording, encodings.get(2), 2, 96, 104, frame -> true);
    assertFalse(recording.needsKeyFrame());
    // The lower one no longer: what comes is not predicted from what was recorded last.
    send(recording, encodings.get(0), 0, 12, 16, frame -> true);
    assertTrue(recording.needsKeyFrame());
    assertEquals(20, recording.frames().size());
    List<Decoding.Frame> frames = decoded(recording);
    assertEquals(180, frames.get(11).height());
    assertEquals(720, frames.get(12).height());
    assertEquals(720, frames.get(19).height());
  }
}
