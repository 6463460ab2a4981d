/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.Folders;
import org.perc4j.it.harness.TimedOutException;
import org.perc4j.it.jingle.JicofoProcess;
import org.perc4j.it.media.Clips;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.WebFront;

/**
 * The demo's second part, where a whole deployment of Jitsi Meet is installed. Somebody with the
 * client, a client that records, and an application of the library know nothing but a room's URL,
 * and meet there.
 */
public final class MeetingByUrl {
  private static final String ROOM = "demo";
  private static final String PERSON = "gina";
  private static final String RECORDER = "tape";
  private static final String APPLICATION = "hal";
  private static final Set<String> EVERYBODY = Set.of(PERSON, RECORDER, APPLICATION);
  private static final VideoFormat FORMAT =
      new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 200_000)), 1);

  /** Sound and pictures of the person and of the application. */
  private static final int FILES = 4;

  /** As long as the meeting can take. */
  private static final int CLIP_SECONDS = 300;

  private static final int ENOUGH_PICTURES = 50;
  private static final double ENOUGH_SOUND_SECONDS = 5;
  private static final double PIECES_PER_SECOND = 50;

  private final PrintStream out;
  private final Path folder;
  private boolean flawless = true;

  private MeetingByUrl(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /** Returns what is missing here to hold it, such as "nginx is not installed", or null. */
  public static @Nullable String missing() throws InterruptedException {
    if (!ProsodyServer.isInstalled()) {
      return "Prosody is not installed";
    }
    if (JicofoProcess.home() == null) {
      return "Jicofo is not installed";
    }
    if (JvbProcess.home() == null) {
      return "Jitsi Videobridge is not installed";
    }
    if (!WebFront.isInstalled()) {
      return "nginx is not installed";
    }
    if (!Ffmpeg.isInstalled()) {
      return "ffmpeg is not installed";
    }
    try {
      GStreamer.start().require("vp8enc", "vp8dec", "opusenc", "opusdec", "matroskamux");
      return null;
    } catch (MediaException e) {
      return e.getMessage();
    }
  }

  /**
   * Holds it.
   *
   * @param out what it tells
   * @param folder for keys, recordings and a clip; what is there of an earlier one is deleted
   * @return whether all was as it should be
   */
  public static boolean hold(PrintStream out, Path folder) throws Exception {
    if (Files.exists(folder)) {
      Folders.delete(folder);
    }
    MeetingByUrl meeting = new MeetingByUrl(out, Files.createDirectories(folder));
    try (WebDeployment deployment = WebDeployment.start("demo", WebDeployment.Way.WEB_SOCKET)) {
      meeting.hold(deployment);
    } catch (TimedOutException e) {
      out.println("It failed: " + e.getMessage());
      return false;
    }
    return meeting.flawless;
  }

  private void hold(WebDeployment deployment) throws Exception {
    String url = deployment.front().meeting(ROOM);
    Path clip = clip();
    Path recording = folder.resolve("recording");
    out.printf("Room: %s%n", url);
    out.println("      on Prosody, Jicofo, a Jitsi Videobridge with the plugin, and nginx.");
    out.printf("%-5s perc4j join URL --name %1$s --headless --yes --file %s%n", PERSON, clip);
    out.printf("%-5s perc4j record URL --name %1$s --to %s%n", RECORDER, recording);
    out.printf("%-5s an application of the library: JitsiRoom.join(URL, ...)%n", APPLICATION);
    try (ClientProcess person =
            ClientProcess.join(
                deployment, folder, ROOM, PERSON, "--yes", "--file", clip.toString());
        ClientProcess recorder =
            ClientProcess.record(deployment, folder, ROOM, RECORDER, recording);
        PlayingApplication application = new PlayingApplication(2)) {
      EndpointIdentity identity = EndpointIdentity.generate(APPLICATION, new SecureRandom());
      JitsiRoom room =
          application.join(
              MeetingUrl.parse(url),
              JoinOptions.of(identity, credential -> {})
                  .withWeb(deployment.web())
                  .withAudio()
                  .withVideo(FORMAT));
      awaitEverybody(person, recorder, application, room);
      application.play(Clips.speech(2));
      awaitMedia(person, application, room);
      Await.until(
          RECORDER + " has " + FILES + " files",
          Await.PATIENCE,
          () -> ClientProcess.recorded(recording).size() >= FILES);
      Await.pass(Duration.ofSeconds((long) ENOUGH_SOUND_SECONDS));
      leave(PERSON, person);
      leave(RECORDER, recorder);
    }
    reportFiles(recording);
  }

  /** A voice and a moving picture, repeated for as long as the meeting can take. */
  private Path clip() throws IOException, InterruptedException {
    return Ffmpeg.repeat(
        folder.resolve("clip.webm"),
        CLIP_SECONDS,
        Clips.file("picture-1.ivf", folder),
        Clips.file("speech-1.opus", folder));
  }

  private void awaitEverybody(
      ClientProcess person, ClientProcess recorder, PlayingApplication application, JitsiRoom room)
      throws Exception {
    Await.until(
        "all three are the group",
        Await.PATIENCE,
        () ->
            isPrivate(person)
                && isPrivate(recorder)
                && application.members().equals(EVERYBODY)
                && application.wasTold(CallEvent.Connected.class));
    String code = room.session().epochCode().digits();
    Await.until(
        "all three have the code " + code,
        Await.PATIENCE,
        () -> {
          person.ask();
          recorder.ask();
          return person.last("code: ").equals(code) && recorder.last("code: ").equals(code);
        });
    out.printf("%-5s private: %s%n", PERSON, person.last("private: "));
    out.printf("%-5s private: %s%n", RECORDER, recorder.last("private: "));
    out.printf("%-5s members: %s%n", APPLICATION, application.members());
    out.printf("The code of all three: %s%n", code);
  }

  private static boolean isPrivate(ClientProcess client) {
    String told = client.last("private: ");
    return told.startsWith("yes; members: ") && EVERYBODY.stream().allMatch(told::contains);
  }

  private void awaitMedia(ClientProcess person, PlayingApplication application, JitsiRoom room)
      throws Exception {
    String nickname = nickname(room, PERSON);
    Await.until(
        PERSON + " and " + APPLICATION + " hear and see each other",
        Await.PATIENCE,
        () -> {
          return person.has(APPLICATION, ENOUGH_PICTURES, ENOUGH_SOUND_SECONDS)
              && pictures(application, nickname) >= ENOUGH_PICTURES
              && soundSeconds(application, nickname) >= ENOUGH_SOUND_SECONDS;
        });
    ClientProcess.Decoded decoded = person.decoded(APPLICATION);
    out.printf(
        "%-5s decoded of %s: %d pictures, %.1f s of sound%n",
        PERSON, APPLICATION, decoded.pictures(), decoded.soundSeconds());
    out.printf(
        "%-5s got of %s: %d pictures, %.1f s of sound%n",
        APPLICATION, PERSON, pictures(application, nickname), soundSeconds(application, nickname));
  }

  private static int pictures(PlayingApplication application, String nickname) {
    return application.pictures.getOrDefault(nickname, List.of()).size();
  }

  private static double soundSeconds(PlayingApplication application, String nickname) {
    return application.sounds.getOrDefault(nickname, new AtomicLong()).get() / PIECES_PER_SECOND;
  }

  /** Returns the nickname in the room of the member who proved a name. */
  private static String nickname(JitsiRoom room, String name) {
    Roster roster = Objects.requireNonNull(room.session().roster());
    return roster.members().stream()
        .filter(member -> member.name().equals(name))
        .map(Member::occupant)
        .findAny()
        .orElseThrow();
  }

  private void leave(String name, ClientProcess client) throws Exception {
    client.command("q");
    int status = client.awaitEnd();
    out.printf("%-5s left with exit status %d%n", name, status);
    require(status == 0);
  }

  private void reportFiles(Path recording) throws IOException, InterruptedException {
    JsonNode files = ClientProcess.recorded(recording);
    for (JsonNode file : files) {
      Path path = recording.resolve(file.path("file").asText());
      String complaints = Ffmpeg.decode(path);
      out.printf(
          "%s  %s of %s  %d bytes  %s%n",
          path,
          file.path("codec").asText(),
          file.path("member").asText(),
          Files.size(path),
          complaints.isEmpty() ? "decoded" : complaints);
      require(complaints.isEmpty());
    }
    require(files.size() == FILES);
  }

  private void require(boolean condition) {
    flawless &= condition;
  }
}
