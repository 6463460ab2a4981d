/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.xmpp.XmppRoom;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.InPairs;
import org.perc4j.it.harness.TimedOutException;
import org.perc4j.it.jingle.JicofoRoom;
import org.perc4j.it.jingle.JitsiBackend;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/** Rooms of a Jitsi Meet backend, which endpoints join as any Jitsi client does. */
@RequiresJitsi
class JitsiMeetTest {
  private static final int PACKETS = 120;
  private static final int SHOWN = 4;
  private static final String ICE_RESTARTS = "jitsi_jvb_ice_restarts_succeeded_total";
  private static final double MOST = 0.95;
  private static final Duration BRIDGE_FOUND = Duration.ofSeconds(15);
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private static @Nullable JitsiBackend sharedBackend;
  private static @Nullable JvbProcess sharedBridge;

  @BeforeAll
  static void startBackend() throws Exception {
    JitsiBackend started =
        JitsiBackend.start(Checks.folder("jitsi-meet"), JvbExtension.pluginJar(), "");
    sharedBackend = started;
    sharedBridge = started.startBridge("jvb1");
    started.jicofo().awaitBridges(1);
  }

  @AfterAll
  static void endBackend() {
    if (sharedBackend != null) {
      sharedBackend.close();
    }
  }

  private static JitsiBackend backend() {
    return Objects.requireNonNull(sharedBackend);
  }

  private static JvbProcess bridge() {
    return Objects.requireNonNull(sharedBridge);
  }

  @Test
  void carriesSpeechAndVideoOfTwo() throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = ofTwo("two")) {
      endpoints = conference.endpoints();
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge());
    Checks.assertDecodable(endpoints);
  }

  @Test
  void carriesSpeechAndLayersOfFive() throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = backend().open("five")) {
      for (int i = 1; i <= 5; i++) {
        Endpoint unused = conference.join(layered("jitsi-five", i).speech(Clips.speech(1 + i % 3)));
      }
      endpoints = conference.endpoints();
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      assertSpeechArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge());
    assertPlayable(endpoints);
  }

  @Test
  void carriesAMeetingOfFifteenOfWhomThreeSpeak() throws Exception {
    int speakers = 3;
    List<Endpoint> endpoints;
    try (Conference conference = backend().open("fifteen")) {
      for (int i = 1; i <= 15; i++) {
        EndpointOptions options = layered("jitsi-fifteen", i);
        if (i <= speakers) {
          options.speech(Clips.speech(i));
        }
        Endpoint endpoint = conference.join(options);
        conference.room().setConstraints(endpoint.id(), ReceiverConstraints.lastN(SHOWN));
      }
      endpoints = conference.endpoints();
      conference.startSending();
      for (Endpoint receiver : endpoints) {
        for (Endpoint speaker : endpoints.subList(0, speakers)) {
          Await.until(
              receiver + " hears " + speaker,
              Checks.PATIENCE,
              () ->
                  receiver == speaker
                      || receiver.receivedPackets(speaker.id(), MediaKind.AUDIO) > PACKETS);
        }
        Await.until(
            receiver + " sees " + SHOWN,
            Checks.PATIENCE,
            () ->
                endpoints.stream()
                        .filter(
                            sender ->
                                receiver.receivedPackets(sender.id(), MediaKind.VIDEO) > PACKETS)
                        .count()
                    >= SHOWN);
      }
      Checks.stop(conference);
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(bridge());
    assertPlayable(endpoints);
  }

  /** Speech decodes, and of layers everybody has what it takes to play what came. */
  private static void assertPlayable(List<Endpoint> endpoints)
      throws IOException, InterruptedException {
    for (Endpoint receiver : endpoints) {
      for (int i = 0; i < endpoints.size(); i++) {
        Endpoint sender = endpoints.get(i);
        ReceivedStream speech = receiver.received(sender.id(), MediaKind.AUDIO);
        if (speech != null) {
          assertEquals("", Ffmpeg.decode(speech.recording()), speech.toString());
        }
        ReceivedStream video = receiver.received(sender.id(), MediaKind.VIDEO);
        if (video != null) {
          Playability playability = new Playability(sender, video, clips(i + 1));
          // Who is shown in passing only may end amid a frame, one of few.
          assertTrue(
              playability.lacking() <= 1 || playability.intact() > MOST,
              receiver + " has " + playability.intact() + " of " + video);
        }
      }
    }
  }

  /** Half of them in encodings of VP8, the others in layers of VP9. */
  private static List<LayeredClip> clips(int number) throws IOException {
    return number % 2 == 0 ? Clips.simulcast() : List.of(Clips.layered(VideoCodec.VP9));
  }

  private static EndpointOptions layered(String scenario, int number) throws IOException {
    List<LayeredClip> clips = clips(number);
    return new EndpointOptions(
            String.format(Locale.ROOT, "e00000%02d", number), Checks.folder(scenario))
        .seed(number)
        .layers(clips.toArray(LayeredClip[]::new))
        .markings(
            number % 2 == 0
                ? PayloadMarkings.frameMarkings(clips)
                : PayloadMarkings.descriptors(clips));
  }

  /** Of speech everything arrived, of video nothing but what was sent. */
  private static void assertSpeechArrived(Conference conference) {
    for (Endpoint sender : conference.endpoints()) {
      for (Endpoint receiver : conference.endpoints()) {
        if (sender != receiver) {
          Delivery speech = conference.delivery(sender, MediaKind.AUDIO, receiver);
          String what = sender.id() + " -> " + receiver.id() + " " + speech;
          assertTrue(speech.arrived() > 0, what);
          assertEquals(0, speech.missing(), what);
          assertEquals(0, speech.foreign(), what);
          assertEquals(0, conference.delivery(sender, MediaKind.VIDEO, receiver).foreign(), what);
        }
      }
    }
  }

  @Test
  void somebodyIsMuteAndHasTheCameraOffForAWhile() throws Exception {
    try (Conference conference = ofTwo("mute")) {
      Endpoint one = conference.endpoints().get(0);
      Endpoint two = conference.endpoints().get(1);
      JicofoRoom room = (JicofoRoom) conference.room();
      AnnouncedSources heardOf = room.roster(two.id());
      int camera = one.sources().get(1).ssrc();

      one.pause(MediaKind.AUDIO, true);
      room.mute(one.id(), MediaKind.AUDIO, true);
      one.pause(MediaKind.VIDEO, true);
      room.withdraw(one.id(), MediaKind.VIDEO, true);
      Await.until("source-remove", Checks.PATIENCE, () -> heardOf.source(camera) == null);
      assertNotNull(heardOf.source(one.sources().get(0).ssrc()));

      one.pause(MediaKind.AUDIO, false);
      room.mute(one.id(), MediaKind.AUDIO, false);
      room.withdraw(one.id(), MediaKind.VIDEO, false);
      Await.until("source-add", Checks.PATIENCE, () -> heardOf.source(camera) != null);
      one.pause(MediaKind.VIDEO, false);

      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      // What was on its way when its source was withdrawn may count as unknown.
      Checks.assertAuthentic(conference);
      assertEquals(0, conference.delivery(one, MediaKind.VIDEO, two).foreign());
      assertEquals(0, conference.delivery(one, MediaKind.AUDIO, two).foreign());
    }
  }

  @Test
  void showsTheOneOnStageAlone() throws Exception {
    try (Conference conference = backend().open("last-n")) {
      Endpoint one = conference.join(Checks.talker("jitsi-last-n", 1));
      Endpoint two = conference.join(Checks.talker("jitsi-last-n", 2));
      Endpoint viewer = conference.join(Checks.talker("jitsi-last-n", 3));
      Checks.start(conference);

      conference
          .room()
          .setConstraints(viewer.id(), ReceiverConstraints.lastN(1).withOnStage(two.id() + "-v0"));
      int stage = viewer.receivedPackets(two.id(), MediaKind.VIDEO);
      Await.until(
          "no video of the other",
          Checks.PATIENCE,
          () -> {
            int others = viewer.receivedPackets(one.id(), MediaKind.VIDEO);
            int begin = viewer.receivedPackets(two.id(), MediaKind.VIDEO);
            try {
              return Await.holdsWithin(
                      Checks.PATIENCE,
                      () -> viewer.receivedPackets(two.id(), MediaKind.VIDEO) > begin + PACKETS / 2)
                  && viewer.receivedPackets(one.id(), MediaKind.VIDEO) == others;
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return false;
            }
          });
      assertTrue(viewer.receivedPackets(two.id(), MediaKind.VIDEO) > stage);
      Checks.assertNothingRefused(conference);
    }
  }

  @Test
  void plainClientsAndPerc4jShareARoomAndAreKeptApart() throws Exception {
    try (Conference conference = backend().open("both-kinds")) {
      Endpoint one = conference.join(Checks.talker("jitsi-both", 1));
      Endpoint two = conference.join(Checks.talker("jitsi-both", 2));
      Endpoint plainOne =
          conference.join(Checks.talker("jitsi-both", 3).profiles(SrtpProfile.AEAD_AES_128_GCM));
      Endpoint plainTwo =
          conference.join(
              Checks.listener("jitsi-both", 4)
                  .speech(Clips.speech(1))
                  .picture(Clips.picture(1))
                  .profiles(SrtpProfile.AEAD_AES_128_GCM));
      conference.startSending();
      Checks.talkAmong(PACKETS, one, two);
      Checks.talkAmong(PACKETS, plainOne, plainTwo);
      conference.endpoints().forEach(Endpoint::stopSending);
      Checks.assertNothingRefused(conference);
      assertBothKindsAreToldWhy(conference, plainOne, plainTwo);
      for (Endpoint endpoint : conference.endpoints()) {
        assertEquals(2, endpoint.received().size(), endpoint.toString());
      }
    }
    Checks.assertHealthy(bridge());
  }

  private static void assertBothKindsAreToldWhy(
      Conference conference, Endpoint plainOne, Endpoint plainTwo)
      throws IOException, InterruptedException {
    JicofoRoom room = (JicofoRoom) conference.room();
    for (Attendee attendee : conference.gathering().attendees()) {
      Set<String> outsiders = new TreeSet<>();
      for (SessionEvent event : attendee.events()) {
        if (event instanceof SessionEvent.OutsiderArrived arrived) {
          outsiders.add(arrived.occupant());
        }
      }
      assertEquals(Set.of(plainOne.id(), plainTwo.id()), outsiders, attendee.toString());
      assertEquals(XmppRoom.STATUS, room.shownTo(plainOne.id(), attendee.occupant()));
    }
    assertNull(room.shownTo(plainOne.id(), plainTwo.id()));
  }

  @Test
  void inPrivateRoomNothingIsSentWhileAPlainClientIsThere() throws Exception {
    try (Conference conference = backend().open("private")) {
      Endpoint one = conference.join(Checks.talker("jitsi-private", 1).privateRoom());
      Endpoint two = conference.join(Checks.talker("jitsi-private", 2).privateRoom());
      Checks.start(conference);
      ConferenceSession session = conference.gathering().attendees().get(0).session();
      assertTrue(session.canSend());

      Endpoint plain =
          conference.join(
              Checks.listener("jitsi-private", 3).profiles(SrtpProfile.AEAD_AES_128_GCM));
      Await.until("nothing is sent", Checks.PATIENCE, () -> !session.canSend());
      assertTrue(
          conference.gathering().attendees().stream()
              .allMatch(
                  attendee ->
                      attendee
                          .events()
                          .contains(new SessionEvent.SendingWaits(Set.of(plain.id())))));

      conference.leave(plain);
      Await.until("all is sent again", Checks.PATIENCE, session::canSend);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertNothingRefused(conference);
      assertEquals(0, plain.received().size());
      assertEquals(0, conference.delivery(one, MediaKind.VIDEO, two).foreign());
    }
  }

  @Test
  @InPairs
  void mediaComeBackWhenTheBridgeWasKilled() throws Exception {
    try (Conference conference = ofTwo("bridge-killed")) {
      GroupMoment before = moment(conference);

      bridge().kill();
      // Jicofo knows a bridge by its nickname, and sees no other one in it before it is gone.
      backend().jicofo().awaitBridges(0);
      sharedBridge = backend().startBridge("jvb1");
      awaitMoved(conference.endpoints());
      Checks.awaitBack(conference);
      Checks.talk(conference, PACKETS);
      assertTrue(before.isSame(moment(conference)), "another epoch");
      Checks.stop(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge());
  }

  /**
   * Opens a room in which two speak and show a picture, and from then on counts what is missing.
   */
  private static Conference ofTwo(String room) throws Exception {
    Conference conference = backend().open(room);
    boolean started = false;
    try {
      for (int i = 1; i <= 2; i++) {
        Endpoint unused = conference.join(Checks.talker("jitsi-" + room, i));
      }
      Checks.start(conference);
      started = true;
      return conference;
    } finally {
      if (!started) {
        conference.close();
      }
    }
  }

  /** Waits until Jicofo has invited all of these once more, and they have accepted. */
  private static void awaitMoved(List<Endpoint> endpoints)
      throws TimedOutException, InterruptedException {
    Await.until(
        "moves of " + endpoints,
        RECOVERY,
        () -> endpoints.stream().allMatch(endpoint -> endpoint.moves() > 0));
  }

  private static GroupMoment moment(Conference conference) {
    return Objects.requireNonNull(
        conference.gathering().attendees().get(0).session().moment(), "in no group");
  }

  @Test
  void mediaComeBackWhenTheServerWasRestarted() throws Exception {
    try (Conference conference = ofTwo("server-restarted")) {
      GroupMoment before = moment(conference);

      backend().prosody().restart();
      if (!Await.holdsWithin(BRIDGE_FOUND, () -> backend().jicofo().hasBridges(1))) {
        // Jicofo enters the bridges' room again while it still leaves it, and may end up outside.
        backend().jicofo().crash();
        backend().jicofo().awaitBridges(1);
      }
      awaitMoved(conference.endpoints());
      Await.until(
          "all in another group",
          RECOVERY,
          () -> conference.gathering().isTogether() && !moment(conference).sameGroup(before));
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertAuthentic(conference);
    }
  }

  @Test
  void mediaComeBackToOneWhoEntersTheRoomAnew() throws Exception {
    try (Conference conference = ofTwo("entered-anew")) {
      Endpoint one = conference.endpoints().get(0);
      Endpoint two = conference.endpoints().get(1);
      GroupMoment before = moment(conference);

      ((JicofoRoom) conference.room()).reenter(one.id());
      awaitMoved(List.of(one));
      Await.until(
          "both in a later epoch",
          RECOVERY,
          () -> conference.gathering().isTogether() && !moment(conference).isSame(before));
      Checks.talk(conference, PACKETS);
      assertEquals(0, two.moves());
      Checks.stop(conference);
      Checks.assertAuthentic(conference);
    }
  }

  @Test
  void mediaGoOnWhenOneChangesItsNetwork() throws Exception {
    assumeTrue(metrics().contains(ICE_RESTARTS), "this bridge does not support ICE restarts");
    try (Conference conference = ofTwo("ice-restarted")) {
      Endpoint one = conference.endpoints().get(0);
      one.restartIce();
      Checks.talk(conference, PACKETS);
      assertTrue(
          metrics().contains(ICE_RESTARTS + " 1.0"), "the bridge keeps the former addresses");
      assertEquals(0, one.moves());
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
  }

  private static String metrics() throws IOException, InterruptedException {
    return bridge().get("/metrics", "text/plain");
  }

  @Test
  void mediaGoOnWhenJicofoWasRestarted() throws Exception {
    try (Conference conference = ofTwo("jicofo-restarted")) {
      GroupMoment before = moment(conference);

      backend().jicofo().crash();
      awaitMoved(conference.endpoints());
      Checks.talk(conference, PACKETS);
      assertTrue(before.isSame(moment(conference)), "another epoch");
      Checks.stop(conference);
      Checks.assertAuthentic(conference);
    }
  }
}
