/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayeredClip;

/**
 * The bridge as it was installed chooses among the layers of streams that it can read: what the
 * clips in layers are worth, and what perc4j's choice is to be compared with.
 */
@RequiresJvb(plugin = false)
class StockLayersTest {
  private static final Duration SWITCH = Duration.ofSeconds(20);
  private static final int PICTURES = 60;

  @Test
  void goesBetweenEncodings(JvbProcess jvb) throws Exception {
    goesUpAndDown(
        jvb,
        "stock-simulcast",
        Vp9Payload.Mode.FLEXIBLE,
        Clips.simulcast().toArray(LayeredClip[]::new));
  }

  @ParameterizedTest
  @EnumSource(Vp9Payload.Mode.class)
  void goesBetweenSpatialLayers(Vp9Payload.Mode mode, JvbProcess jvb) throws Exception {
    goesUpAndDown(jvb, "stock-svc-" + mode, mode, Clips.layered(VideoCodec.VP9));
  }

  @Test
  void goesWithTheBandwidth(JvbProcess jvb) throws Exception {
    String scenario = "stock-bandwidth";
    LayeredClip[] clips = Clips.simulcast().toArray(LayeredClip[]::new);
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender = conference.join(plain(scenario, 1).layers(clips));
      Endpoint viewer = conference.join(plain(scenario, 2));
      conference.startSending();
      String source = sender.id() + "-v0";
      ReceiverConstraints everything =
          ReceiverConstraints.EVERYTHING.withOnStage(source).withSelected(source);
      for (int round = 0; round < 2; round++) {
        awaitHeight(conference, sender, viewer, everything, 720, clips);
        awaitHeight(
            conference, sender, viewer, everything.withAssumedBandwidthBps(120_000), 180, clips);
      }
    }
  }

  private static void awaitHeight(
      Conference conference,
      Endpoint sender,
      Endpoint viewer,
      ReceiverConstraints constraints,
      int height,
      LayeredClip... clips)
      throws IOException, InterruptedException {
    conference.room().setConstraints(viewer.id(), constraints);
    Await.until(
        "pictures of " + height + " lines: " + viewer,
        SWITCH,
        () -> Checks.latestHeight(sender, viewer, clips) == height);
  }

  private static void goesUpAndDown(
      JvbProcess jvb, String scenario, Vp9Payload.Mode mode, LayeredClip... clips)
      throws IOException, InterruptedException {
    Endpoint viewer;
    ReceivedStream stream;
    try (Conference conference = new Conference(jvb, scenario.replace('_', '-'))) {
      Endpoint sender = conference.join(plain(scenario, 1).layers(clips).vp9Mode(mode));
      viewer = conference.join(plain(scenario, 2));
      conference.startSending();
      for (int height : new int[] {180, 720, 360}) {
        awaitHeight(
            conference,
            sender,
            viewer,
            ReceiverConstraints.EVERYTHING.withLimit(sender.id() + "-v0", height),
            height,
            clips);
        awaitPictures(sender, viewer, PICTURES);
      }
      stream = Checks.received(viewer, sender, MediaKind.VIDEO);
      conference.stopSending(Duration.ofSeconds(1));
      viewer.requireNoFailure();
      sender.requireNoFailure();
    }
    Decoding decoding = Decoding.of(stream.recording(), clips[0].codec());
    assertEquals(List.of(), decoding.complaints());
    assertEquals(stream.frames().size(), decoding.frames().size());
    // Before the bridge hears what is wanted, it may send anything.
    List<Integer> heights = decoding.heights();
    int low = heights.indexOf(180);
    assertTrue(low >= 0 && low < heights.lastIndexOf(720), heights.toString());
    assertEquals(360, heights.get(heights.size() - 1));
    assertEquals(List.of(), stream.missingNumbers(0));
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void forwardsAllCodecs(VideoCodec codec, JvbProcess jvb) throws Exception {
    String scenario = "stock-codec-" + codec;
    ReceivedStream stream;
    LayeredClip clip = Clips.layered(codec);
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender = conference.join(plain(scenario, 1).layers(clip));
      Endpoint viewer = conference.join(plain(scenario, 2));
      conference.startSending();
      awaitPictures(sender, viewer, 2 * PICTURES);
      stream = Checks.received(viewer, sender, MediaKind.VIDEO);
      conference.stopSending(Duration.ofSeconds(1));
    }
    assertEquals(codec, stream.codec());
    Decoding decoding = Decoding.of(stream.recording(), codec);
    assertEquals(List.of(), decoding.complaints());
    assertEquals(stream.frames().size(), decoding.frames().size());
    assertTrue(decoding.frames().size() > PICTURES, decoding.frames().size() + " pictures");
  }

  private static EndpointOptions plain(String scenario, int number) {
    return Checks.listener(scenario, number).profiles(SrtpProfile.AEAD_AES_128_GCM);
  }

  private static void awaitPictures(Endpoint sender, Endpoint viewer, int pictures)
      throws IOException, InterruptedException {
    int before = pictures(sender, viewer);
    Await.until(
        pictures + " pictures: " + viewer,
        SWITCH,
        () -> pictures(sender, viewer) >= before + pictures);
  }

  private static int pictures(Endpoint sender, Endpoint viewer) {
    ReceivedStream stream = viewer.received(sender.id(), MediaKind.VIDEO);
    return stream == null ? 0 : stream.frames().size();
  }
}
