/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.Occupant;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp8Payload;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.keying.Acquaintances;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.PictureClip;
import org.perc4j.it.xmpp.Moderator;
import org.perc4j.it.xmpp.ProsodyServer;

/** Applications that know nothing but a meeting's URL. */
@OnWebDeployment
class JitsiRoomTest {
  private static final VideoFormat FORMAT =
      new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 200_000)), 1);

  private final WebDeployment deployment;

  private final Acquaintances acquaintances = new Acquaintances();

  JitsiRoomTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  private MeetingUrl url(String room) throws Exception {
    return MeetingUrl.parse(deployment.front().meeting(room));
  }

  private JoinOptions options(String name) {
    EndpointIdentity identity = EndpointIdentity.generate(name, new SecureRandom());
    acquaintances.introduce(identity);
    return JoinOptions.of(identity, acquaintances).withWeb(deployment.web());
  }

  @Test
  void twoApplicationsHearAndSeeEachOther() throws Exception {
    try (PlayingApplication alice = new PlayingApplication(1);
        PlayingApplication bob = new PlayingApplication(2)) {
      JitsiRoom one =
          alice.join(
              url("Talk"), options("alice").withAudio().withVideo(FORMAT).withDisplayName("Alice"));
      JitsiRoom other = bob.join(url("talk"), options("bob").withAudio().withVideo(FORMAT));
      alice.awaitMembers("alice", "bob");
      bob.awaitMembers("alice", "bob");
      Await.until(
          "both have a bridge",
          Checks.PATIENCE,
          () -> alice.wasTold(CallEvent.Connected.class) && bob.wasTold(CallEvent.Connected.class));
      alice.play(Clips.speech(1));
      bob.play(Clips.speech(2));
      Await.until("alice hears and sees bob", Checks.PATIENCE, () -> alice.has(other));
      Await.until("bob hears and sees alice", Checks.PATIENCE, () -> bob.has(one));
      assertPictures(bob, one, 1);
      assertPictures(alice, other, 2);
      assertEquals(
          List.of(), alice.events.stream().filter(CallEvent.Failed.class::isInstance).toList());
      Await.until(
          "the bridge says who speaks",
          Checks.PATIENCE,
          () -> alice.wasTold(CallEvent.Speaker.class) || bob.wasTold(CallEvent.Speaker.class));
      Await.until(
          "bob knows alice's name",
          Checks.PATIENCE,
          () -> bob.shows(new Occupant(one.nickname(), "Alice", false, false)));
      assertEquals("alice", Objects.requireNonNull(other.member(one.nickname())).name());
      assertMutes(bob, one);
      bob.leave();
      alice.awaitMembers("alice");
      Await.until(
          "bob's sources are gone",
          Checks.PATIENCE,
          () -> alice.wasTold(CallEvent.SourceGone.class));
    }
    Checks.assertHealthy(deployment.bridge());
  }

  /** A call begins with little; whether there is more, has to be tried. */
  @Test
  void picturesBeginThatNeedMoreThanACallBeginsWith() throws Exception {
    VideoFormat demanding =
        new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 1_000_000)), 1);
    try (PlayingApplication alice = new PlayingApplication(1);
        PlayingApplication bob = new PlayingApplication(2)) {
      JitsiRoom one =
          alice.join(url("demanding"), options("alice").withAudio().withVideo(demanding));
      Object unused = bob.join(url("demanding"), options("bob"));
      alice.play(Clips.speech(1));
      Await.until("bob hears and sees alice", Checks.PATIENCE, () -> bob.has(one));
    }
  }

  /** Whoever is behind the room may go away and come back: the conversation goes on by itself. */
  @Test
  void goesOnWhenJicofoTheBridgeOrTheWebServerComesBack() throws Exception {
    try (WebDeployment own = WebDeployment.start("jitsi-room-back", WebDeployment.Way.WEB_SOCKET);
        PlayingApplication alice = new PlayingApplication(1);
        PlayingApplication bob = new PlayingApplication(2)) {
      MeetingUrl url = MeetingUrl.parse(own.front().meeting("back"));
      JitsiRoom one =
          alice.join(url, options("alice").withWeb(own.web()).withAudio().withVideo(FORMAT));
      JitsiRoom other =
          bob.join(url, options("bob").withWeb(own.web()).withAudio().withVideo(FORMAT));
      alice.play(Clips.speech(1));
      bob.play(Clips.speech(2));
      assertBothHear(alice, bob, one, other, "at first");
      own.backend().jicofo().crash();
      own.backend().jicofo().awaitBridges(1);
      assertBothHear(alice, bob, one, other, "after Jicofo came back");
      own.front().restart();
      assertBothHear(alice, bob, one, other, "after the web server came back");
      own.backend().startBridge("jvb1", own.bridgeConfiguration());
      assertBothHear(alice, bob, one, other, "after the bridge came back");
    }
  }

  private static void assertBothHear(
      PlayingApplication alice, PlayingApplication bob, JitsiRoom one, JitsiRoom other, String when)
      throws Exception {
    alice.forget();
    bob.forget();
    Await.until(
        "both hear and see " + when + ": " + alice.events + bob.events,
        Checks.PATIENCE,
        () -> alice.has(other) && bob.has(one));
  }

  /** Each picture is one of the clip's, octet by octet, and begins with a key. */
  private static void assertPictures(PlayingApplication receiver, JitsiRoom sender, int clip)
      throws IOException {
    PictureClip sent = Clips.picture(clip);
    List<byte[]> came = receiver.pictures.getOrDefault(sender.nickname(), List.of());
    byte[] first = came.get(0);
    assertTrue(Vp8Payload.isKeyFrame(first));
    for (byte[] picture : came) {
      boolean known = false;
      for (int i = 0; i < 1000 && !known; i++) {
        known = Arrays.equals(sent.frame(i), picture);
      }
      assertTrue(known, "a picture of " + picture.length + " octets");
    }
  }

  @Test
  void entersARoomWithItsPasswordAndNotWithout() throws Exception {
    String room = ProsodyServer.room("secret");
    try (Moderator moderator = Moderator.connect(deployment.backend().prosody());
        PlayingApplication alice = new PlayingApplication(1);
        PlayingApplication bob = new PlayingApplication(2)) {
      Object unused = alice.join(url("Secret"), options("alice"));
      moderator.setPassword(room, "open sesame");
      assertRefused(JoinException.Reason.PASSWORD, "Secret", options("bob"));
      assertRefused(JoinException.Reason.PASSWORD, "Secret", options("bob").withPassword("sesame"));
      Object unusedToo = bob.join(url("Secret"), options("bob").withPassword("open sesame"));
      alice.awaitMembers("alice", "bob");
      bob.awaitMembers("alice", "bob");
    }
  }

  @Test
  void waitsInTheLobbyUntilSomebodyDecides() throws Exception {
    String room = ProsodyServer.room("guarded");
    String lobby = "guarded@" + ProsodyServer.LOBBIES;
    ExecutorService joining = Executors.newSingleThreadExecutor();
    try (Moderator moderator = Moderator.connect(deployment.backend().prosody());
        PlayingApplication alice = new PlayingApplication(1);
        PlayingApplication bob = new PlayingApplication(2);
        PlayingApplication carol = new PlayingApplication(3)) {
      Object unused = alice.join(url("guarded"), options("alice"));
      moderator.awaitOwner(room);
      moderator.setMembersOnly(room);
      moderator.watch(lobby);
      assertRefused(JoinException.Reason.NAME_REQUIRED, "guarded", options("bob"));

      Future<JitsiRoom> let =
          joining.submit(() -> bob.join(url("guarded"), options("bob").withDisplayName("Bob")));
      moderator.admit(room, lobby, moderator.awaitSomebody(lobby));
      Object unusedToo = Await.result("bob is let in", let);
      assertTrue(bob.wasTold(CallEvent.WaitsInLobby.class));
      alice.awaitMembers("alice", "bob");
      bob.awaitMembers("alice", "bob");

      moderator.awaitNobody(lobby);
      Future<JitsiRoom> turnedAway =
          joining.submit(
              () -> carol.join(url("guarded"), options("carol").withDisplayName("Carol")));
      moderator.turnAway(lobby, moderator.awaitSomebody(lobby));
      ExecutionException refused =
          assertThrows(
              ExecutionException.class, () -> Await.result("carol is not let in", turnedAway));
      assertEquals(
          JoinException.Reason.MEMBERS_ONLY,
          ((JoinException) Objects.requireNonNull(refused.getCause())).reason());
      assertTrue(carol.wasTold(CallEvent.WaitsInLobby.class));
    } finally {
      joining.shutdownNow();
    }
  }

  @Test
  void tellsThatTheRoomWasEnded() throws Exception {
    try (Moderator moderator = Moderator.connect(deployment.backend().prosody());
        PlayingApplication alice = new PlayingApplication(1)) {
      Object unused = alice.join(url("ended"), options("alice"));
      moderator.destroy(ProsodyServer.room("ended"));
      Await.until(
          "alice is told",
          Checks.PATIENCE,
          () ->
              alice.events.stream()
                  .anyMatch(
                      event ->
                          event instanceof CallEvent.Group group
                              && group.event() instanceof SessionEvent.Ended ended
                              && ended.reason() == SessionEvent.Ended.Reason.REMOVED));
    }
  }

  /** What is mute is not sent, which others are told; pictures go on with a key. */
  private static void assertMutes(PlayingApplication hearer, JitsiRoom one) throws Exception {
    one.mute(MediaKind.AUDIO, true);
    Await.until(
        "it is known that the microphone is off",
        Checks.PATIENCE,
        () -> hearer.shows(new Occupant(one.nickname(), "Alice", true, false)));
    one.mute(MediaKind.VIDEO, true);
    one.mute(MediaKind.AUDIO, false);
    Await.until(
        "it is known that the camera is off",
        Checks.PATIENCE,
        () -> hearer.shows(new Occupant(one.nickname(), "Alice", false, true)));
    hearer.forget();
    Await.until(
        "there is sound again",
        Checks.PATIENCE,
        () ->
            hearer.sounds.getOrDefault(one.nickname(), new AtomicLong()).get()
                >= PlayingApplication.SOUNDS);
    int late = hearer.pictures.getOrDefault(one.nickname(), List.of()).size();
    assertTrue(late <= 2, late + " pictures of a camera that is off");
    hearer.forget();
    one.mute(MediaKind.VIDEO, false);
    Await.until("there are pictures again", Checks.PATIENCE, () -> hearer.has(one));
    assertTrue(
        Vp8Payload.isKeyFrame(hearer.pictures.getOrDefault(one.nickname(), List.of()).get(0)));
  }

  private void assertRefused(JoinException.Reason reason, String room, JoinOptions options)
      throws Exception {
    JoinException refused =
        assertThrows(JoinException.class, () -> JitsiRoom.join(url(room), options, event -> {}));
    assertEquals(reason, refused.reason());
    assertEquals(1, String.valueOf(refused.getMessage()).lines().count());
  }

  @Test
  void saysInOneLineWhyARoomCannotBeJoined() throws Exception {
    JoinOptions untrusting = options("carol").withWeb(WebClient.create());
    assertRefused(JoinException.Reason.DEPLOYMENT, "refused", untrusting);
    JoinException nowhere =
        assertThrows(
            JoinException.class,
            () -> JitsiRoom.join(URI.create("mailto:room@meet.example"), untrusting, event -> {}));
    assertEquals(JoinException.Reason.ADDRESS, nowhere.reason());
  }
}
