/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.identity.IdentityFile;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.JavadocExample;
import org.perc4j.it.media.Clips;
import org.perc4j.it.xmpp.RequiresWebFront;

/**
 * Takes the example out of the Javadoc of {@code JitsiRoom}, and runs it as it stands, in a process
 * of its own, in a room where somebody speaks.
 */
@RequiresJitsi
@RequiresWebFront
class RoomExampleTest {
  private static final Path SOURCE =
      Path.of("../e2e-keying/endpoint/src/main/java/org/perc4j/endpoint/call/JitsiRoom.java");

  private static final int MAX_LINES = 50;
  private static final int IVF_HEADER_BYTES = 32;
  private static final int TIMES = 5;
  private static final int SEEN = 60;

  private final Path folder;

  RoomExampleTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A clip of four seconds, five times. */
  private static byte[] film() throws IOException {
    try (InputStream in = Clips.class.getResourceAsStream("/media/picture-2.ivf")) {
      byte[] clip = Objects.requireNonNull(in).readAllBytes();
      ByteArrayOutputStream film = new ByteArrayOutputStream();
      film.write(clip, 0, IVF_HEADER_BYTES);
      for (int i = 0; i < TIMES; i++) {
        film.write(clip, IVF_HEADER_BYTES, clip.length - IVF_HEADER_BYTES);
      }
      return film.toByteArray();
    }
  }

  @Test
  void theExampleOfTheJavadocRunsAsItStands() throws Exception {
    List<String> code = JavadocExample.of(SOURCE);
    assertTrue(code.size() <= MAX_LINES, code.size() + " lines");
    Path source = Files.write(folder.resolve("SendFile.java"), code);
    Path film = Files.write(folder.resolve("film.ivf"), film());
    Path log = folder.resolve("log");
    try (WebDeployment deployment =
            WebDeployment.start("room-example", WebDeployment.Way.WEB_SOCKET);
        PlayingApplication alice = new PlayingApplication(1)) {
      String url = deployment.front().meeting("example");
      EndpointIdentity identity = EndpointIdentity.generate("alice", new SecureRandom());
      Object unused =
          alice.join(
              MeetingUrl.parse(url),
              JoinOptions.of(identity, credential -> {}).withWeb(deployment.web()).withAudio());
      alice.speak(Clips.speech(1));
      Path roots = folder.resolve("roots.p12");
      deployment.authority().store(roots, "changeit");
      ProcessBuilder bot =
          new ProcessBuilder(
                  ChildProcess.javaBin().resolve("java").toString(),
                  "-Djavax.net.ssl.trustStore=" + roots,
                  "-Djavax.net.ssl.trustStorePassword=changeit",
                  "-cp",
                  classPath(),
                  source.toString(),
                  url,
                  film.toString())
              .directory(folder.toFile());
      try (ChildProcess sender =
          ChildProcess.start("the example", bot, log, () -> says(log, "alice speaks"))) {
        Await.until(
            "alice sees the film of process " + sender.pid() + ": " + alice.events,
            Await.PATIENCE,
            () -> alice.pictures.values().stream().anyMatch(seen -> seen.size() >= SEEN));
      }
      assertEquals("bot@example.org", IdentityFile.load(folder.resolve("bot.key")).name());
    }
  }

  /** The process has another folder. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean says(Path log, String line) {
    try {
      return Files.exists(log) && Files.readString(log).contains(line);
    } catch (IOException e) {
      return false;
    }
  }
}
