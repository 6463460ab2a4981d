/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jivesoftware.smackx.muc.MultiUserChatManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jxmpp.jid.impl.JidCreate;
import org.perc4j.e2e.xmpp.XmppRoom;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.xmpp.WebFront;

/** People with the client, each a process of its own, who know nothing but a meeting's URL. */
@OnWebDeployment
@RequiresGStreamer
class ClientTest {
  private static final int USAGE = 2;
  private static final int NOT_JOINED = 3;
  private static final int MEDIA = 4;

  private final WebDeployment deployment;

  @TempDir private Path folder = Path.of("");

  ClientTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  private ClientProcess join(String room, String name, String... further) throws Exception {
    return ClientProcess.join(deployment, folder, room, name, further);
  }

  private static void awaitMedia(ClientProcess client, String of, int pictures, int soundSeconds)
      throws Exception {
    Await.until(
        "%d pictures and %d s of %s in %s".formatted(pictures, soundSeconds, of, client.lines()),
        Checks.PATIENCE,
        () -> client.has(of, pictures, soundSeconds));
  }

  @Test
  void twoPeopleSeeAndHearEachOther() throws Exception {
    Path clip =
        Ffmpeg.make(
            folder.resolve("clip.webm"),
            90,
            List.of("testsrc=size=640x360:rate=25", "sine=frequency=440:sample_rate=48000"),
            "-b:v",
            "500k");
    try (ClientProcess alice = join("talk", "alice", "--test-media", "ball", "--yes");
        ClientProcess bob = join("talk", "bob", "--file", clip.toString(), "--yes")) {
      alice.awaitLine("private: yes; members: ");
      bob.awaitLine("private: yes; members: ");
      alice.awaitLine("connection: there is a bridge");
      awaitMedia(alice, "bob", 50, 3);
      awaitMedia(bob, "alice", 50, 3);
      bob.ask();
      bob.awaitLine("  alice, met for the first time: compare codes");
      alice.awaitLine("  bob, met for the first time: compare codes");
      bob.command("m");
      bob.awaitLine("you: microphone off, camera on");
      alice.awaitLine("bob is mute");
      bob.command("q");
      assertEquals(0, bob.awaitEnd());
      alice.awaitLine("- bob is not in the group any more");
      alice.command("q");
      assertEquals(0, alice.awaitEnd());
    }
    Checks.assertHealthy(deployment.bridge());
  }

  /** What is sent is sent when a person who was told who is there says so. */
  @Test
  void sendsNothingBeforeThePersonSaysSo() throws Exception {
    try (ClientProcess alice = join("wait", "alice", "--test-media", "ball");
        ClientProcess bob = join("wait", "bob", "--test-media", "smpte", "--yes")) {
      alice.awaitLine("Enter: let them hear and see you");
      awaitMedia(alice, "bob", 25, 1);
      bob.command("s");
      bob.awaitLine("connection: there is a bridge");
      assertEquals(new ClientProcess.Decoded(0, 0), bob.decoded("alice"));
      alice.command("v");
      alice.awaitLine("when you begin, you: microphone on, camera off");
      alice.command("");
      awaitMedia(bob, "alice", 0, 2);
      assertEquals(0, bob.decoded("alice").pictures());
      alice.command("v");
      awaitMedia(bob, "alice", 25, 3);
    }
  }

  private void assertRefused(int status, String why, ClientProcess client) throws Exception {
    try (client) {
      assertEquals(status, client.awaitEnd(), () -> client.lines().toString());
      List<String> complaints = new ArrayList<>();
      for (String line : client.lines()) {
        if (line.startsWith("perc4j: ")) {
          complaints.add(line);
        }
      }
      assertEquals(1, complaints.size(), () -> client.lines().toString());
      assertTrue(complaints.get(0).contains(why), complaints.get(0));
      assertTrue(
          client.lines().stream().noneMatch(line -> line.startsWith("\tat ")),
          () -> client.lines().toString());
    }
  }

  @Test
  void refusesWhatIsNoUrlOfAMeeting() throws Exception {
    assertRefused(
        USAGE, "https", ClientProcess.start(Map.of(), List.of("join", "http://localhost/talk")));
  }

  @Test
  void saysThatTheTokenHasExpired() throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String token =
        "e30."
            + base64.encodeToString(
                "{\"exp\":%d}"
                    .formatted(Instant.now().getEpochSecond() - 60)
                    .getBytes(StandardCharsets.UTF_8))
            + ".AAAA";
    assertRefused(
        USAGE,
        "the token expired",
        join("token", "carol", "--test-media", "ball", "--token", token));
  }

  @Test
  void entersARoomWithItsPasswordAndNoOther() throws Exception {
    JitsiDeployment found = deployment.find("locked");
    XmppRoom owner = found.server().room(found.room(), "0a0b0c0d");
    owner.enter(event -> {});
    // Jicofo has to be there before the room is locked.
    try (ClientProcess dave = join("locked", "dave", "--test-media", "ball")) {
      dave.awaitLine("; members: dave (you); outside: somebody (0a0b0c0d, not proven)");
      MultiUserChatManager.getInstanceFor(owner.connection())
          .getMultiUserChat(JidCreate.entityBareFrom(found.room()))
          .getConfigFormManager()
          .setRoomSecret("sesame")
          .submitConfigurationForm();
      String[] media = {"--test-media", "ball", "--password", "x"};
      assertRefused(NOT_JOINED, "password", join("locked", "carol", media));
      assertRefused(NOT_JOINED, "password", join("locked", "carol", Arrays.copyOf(media, 2)));
      media[3] = "sesame";
      try (ClientProcess erin = join("locked", "erin", media)) {
        erin.awaitLine("+ dave is in the group");
      }
    } finally {
      owner.leave();
    }
  }

  @Test
  void saysThatThereIsNoCamera() throws Exception {
    assertRefused(
        MEDIA,
        "there is no camera at /dev/video77",
        join("c", "carol", "--camera", "/dev/video77"));
  }

  @Test
  void saysThatAFileCannotBeDecoded() throws Exception {
    Path text = Files.writeString(folder.resolve("text.webm"), "not a film\n".repeat(100));
    assertRefused(MEDIA, "cannot be decoded", join("file", "carol", "--file", text.toString()));
    assertRefused(
        MEDIA, "no file that can be read", join("file", "carol", "--file", folder + "/none.webm"));
  }

  @Test
  void saysThatGStreamerIsNotInstalled() throws Exception {
    assertRefused(
        MEDIA,
        "GStreamer 1.x is not installed",
        ClientProcess.start(
            Map.of("org.perc4j.client.gstreamer", "no-such-library"),
            List.of(
                "join", "https://localhost/talk", "--identity", folder.resolve("k").toString())));
  }

  @Test
  void saysThatTheCertificateIsUntrustedForAnotherHostOrOfAnotherTime() throws Exception {
    List<String> untrusting =
        List.of(
            "join",
            deployment.front().meeting("tls"),
            "--test-media",
            "ball",
            "--identity",
            folder.resolve("k").toString());
    assertRefused(NOT_JOINED, "not trusted", ClientProcess.start(Map.of(), untrusting));
    assertFrontRefused(
        WebFront.Options.DEFAULT.withCertificateFor("elsewhere.example"), "for another host");
    assertFrontRefused(
        WebFront.Options.DEFAULT.withCertificateMoved(Duration.ofDays(10)), "clock is wrong");
  }

  private void assertFrontRefused(WebFront.Options options, String why) throws Exception {
    try (WebFront front =
        WebFront.start(
            deployment.backend().prosody(),
            deployment.authority(),
            options,
            LabNetwork.freeTcpPort())) {
      Path authority =
          Files.writeString(folder.resolve("ca.pem"), deployment.authority().certificate());
      assertRefused(
          NOT_JOINED,
          why,
          ClientProcess.start(
              Map.of(),
              List.of(
                  "join",
                  front.meeting("tls"),
                  "--test-media",
                  "ball",
                  "--identity",
                  folder.resolve("k").toString(),
                  "--ca",
                  authority.toString())));
    }
  }
}
