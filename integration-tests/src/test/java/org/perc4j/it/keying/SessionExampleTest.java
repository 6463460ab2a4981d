/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.identity.IdentityFile;
import org.perc4j.e2e.identity.TrustStore;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.session.LoopThread;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.OuterKeys;
import org.perc4j.e2e.srtp.OuterReceiver;
import org.perc4j.e2e.srtp.OuterSender;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.JavadocExample;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresProsody;

/**
 * Takes the example out of the Javadoc of {@code ConferenceSession}, compiles it and runs it on a
 * real server, with somebody else in the room.
 */
@RequiresProsody
class SessionExampleTest {
  private static final Path SOURCE =
      Path.of("../e2e-keying/src/main/java/org/perc4j/e2e/session/ConferenceSession.java");

  private static final DoubleSrtpProfile PROFILE = SessionOptions.DEFAULT.profile();
  private static final int BOBS_SSRC = 0x1234abcd;
  private static final String BOBS_NICKNAME = "9f8e7d6c";

  /** What stands around the example. Only what it does not show is made up here. */
  private static final String AROUND =
      """
      package example;
      import java.nio.file.Path;
      import java.security.SecureRandom;
      import java.util.Arrays;
      import java.util.concurrent.TimeUnit;
      import org.perc4j.e2e.identity.*;
      import org.perc4j.e2e.mls.*;
      import org.perc4j.e2e.protocol.*;
      import org.perc4j.e2e.room.*;
      import org.perc4j.e2e.session.*;
      import org.perc4j.e2e.srtp.*;
      import org.perc4j.e2e.xmpp.*;
      import org.perc4j.header.srtp.*;
      import org.perc4j.it.keying.ExampleApplication;
      public final class Example {
        private static ExampleApplication application;
        private static void play(MediaPacket packet) {
          application.play(packet);
        }
        private static void show(String text) {
          application.show(text);
        }
        public static void run(ExampleApplication given) throws Exception {
          application = given;
          DoubleSrtpProfile profile = SessionOptions.DEFAULT.profile();
          byte[] exported = given.exported();
          boolean isDtlsClient = true;
          byte[] rtp = given.rtp();
          ExampleApplication.Socket socket = given.socket();
      %s
        }
      }
      """;

  private final Path folder;

  SessionExampleTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Names what is at hand in place of what the example names, which is there once. */
  private static String with(String code, String named, String atHand) {
    assertEquals(code.indexOf(named), code.lastIndexOf(named), named);
    assertTrue(code.contains(named), named);
    return code.replace(named, atHand);
  }

  private String onServer(ProsodyServer server) throws IOException {
    String code = String.join("\n", JavadocExample.of(SOURCE));
    code =
        with(
            code,
            "XmppServer.at(\"xmpp.example.org\", 5222, \"guest.example.org\")",
            "XmppServer.at(\"127.0.0.1\", "
                + server.port()
                + ", \""
                + ProsodyServer.DOMAIN
                + "\").dangerouslyWithoutTls()");
    code = with(code, "talk@muc.example.org", ProsodyServer.room("talk"));
    code = with(code, "alice.key", folder.resolve("alice.key").toString());
    return with(code, "known-people", folder.resolve("known-people").toString());
  }

  private Class<?> compiled(String code) throws Exception {
    Path source = Files.writeString(folder.resolve("Example.java"), AROUND.formatted(code));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean done =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-cp",
                      System.getProperty("java.class.path"),
                      "-d",
                      folder.toString()),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(done, said.toString());
    }
    // not closed: classes of it are loaded while it runs
    URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    return loader.loadClass("example.Example");
  }

  private static byte[] rtp(int ssrc) {
    byte[] packet = new byte[60];
    ByteBuffer.wrap(packet)
        .put((byte) 0x80)
        .put((byte) 111)
        .putShort((short) 1)
        .putInt(960)
        .putInt(ssrc);
    Arrays.fill(packet, 12, packet.length, (byte) ssrc);
    return packet;
  }

  private static byte[] octets(MediaPacket packet) {
    return Arrays.copyOfRange(packet.buffer(), packet.offset(), packet.offset() + packet.length());
  }

  /** The bridge, and Bob behind it, as the example's application sees them. */
  private static final class Opposite implements ExampleApplication, ExampleApplication.Socket {
    private final byte[] exported = new byte[PROFILE.exporterLengthBytes()];
    private final ConferenceSession bob;
    private final List<SessionEvent> toBob;
    private final OuterReceiver fromAlice;
    private final OuterSender toAlice;
    final List<String> shown = new CopyOnWriteArrayList<>();
    final List<String> players = new CopyOnWriteArrayList<>();
    final List<byte[]> played = new CopyOnWriteArrayList<>();
    final List<byte[]> heardByBob = new CopyOnWriteArrayList<>();

    Opposite(ConferenceSession bob, List<SessionEvent> toBob) {
      this.bob = bob;
      this.toBob = toBob;
      new SecureRandom().nextBytes(exported);
      OuterKeys keys = OuterKeys.fromExporter(PROFILE, exported.clone(), false);
      fromAlice = new OuterReceiver(PROFILE, keys.receive(), CryptexPolicy.ALLOWED);
      toAlice = new OuterSender(PROFILE, keys.send(), CryptexPolicy.ALLOWED);
    }

    @Override
    public byte[] exported() {
      return exported.clone();
    }

    @Override
    public byte[] rtp() {
      return SessionExampleTest.rtp(1);
    }

    @Override
    public Socket socket() {
      return this;
    }

    @Override
    public void send(MediaPacket packet) {
      assertEquals(DoubleSrtpResult.OK, fromAlice.unprotect(packet));
      bob.ssrcOwner(1, "a1b2c3d4");
      assertEquals(DoubleSrtpResult.OK, bob.unprotect(packet));
      assertEquals("alice@example.org", packet.senderName());
      heardByBob.add(octets(packet));
    }

    @Override
    public MediaPacket receive() throws Exception {
      Await.until("Bob to send to Alice", Await.PATIENCE, bob::isSendingInNewestEpoch);
      Await.until("the code", Await.PATIENCE, () -> !codes().isEmpty());
      byte[] rtp = SessionExampleTest.rtp(BOBS_SSRC);
      byte[] buffer = Arrays.copyOf(rtp, rtp.length + ConferenceSession.PACKET_OVERHEAD_BYTES);
      MediaPacket packet = new MediaPacket().wrap(buffer, 0, rtp.length);
      assertEquals(DoubleSrtpResult.OK, bob.protect(packet));
      assertEquals(DoubleSrtpResult.OK, toAlice.protect(packet));
      return packet;
    }

    List<String> codes() {
      return shown.stream().filter(text -> text.startsWith("to be read aloud")).toList();
    }

    List<String> codesOfBob() {
      return toBob.stream()
          .filter(SessionEvent.CodeReady.class::isInstance)
          .map(event -> ((SessionEvent.CodeReady) event).code().digits())
          .toList();
    }

    @Override
    public void play(MediaPacket packet) {
      players.add(String.valueOf(packet.senderName()));
      played.add(octets(packet));
    }

    @Override
    public void show(String text) {
      shown.add(text);
    }
  }

  @Test
  void theExampleOfTheJavadocRuns() throws Exception {
    List<SessionEvent> toBob = new CopyOnWriteArrayList<>();
    try (ProsodyServer server = ProsodyServer.start();
        LoopThread loop = new LoopThread("bob");
        ConferenceSession bob =
            ConferenceSession.join(
                server.guests().room(ProsodyServer.room("talk"), BOBS_NICKNAME),
                EndpointIdentity.generate("bob@example.org", new SecureRandom()),
                credential -> {},
                SessionOptions.DEFAULT,
                loop,
                (session, event) -> toBob.add(event))) {
      var first = Await.result("Bob's first epoch", bob.firstEpoch().toCompletableFuture());
      assertEquals(1, first.roster().size());
      Opposite opposite = new Opposite(bob, toBob);
      Object unused =
          compiled(onServer(server))
              .getMethod("run", ExampleApplication.class)
              .invoke(null, opposite);

      Await.until("the end", Await.PATIENCE, () -> opposite.shown.contains("over: LEFT"));
      assertTrue(opposite.shown.contains("2 members"), opposite.shown.toString());
      assertTrue(
          opposite.shown.contains("bob@example.org is here: FIRST_MET"), opposite.shown.toString());
      assertEquals(1, opposite.heardByBob.size());
      assertArrayEquals(rtp(1), opposite.heardByBob.get(0));
      assertEquals(List.of("bob@example.org"), opposite.players);
      assertArrayEquals(rtp(BOBS_SSRC), opposite.played.get(0));
      assertTrue(
          opposite.codesOfBob().stream()
              .anyMatch(code -> opposite.codes().contains("to be read aloud: " + code)),
          opposite.shown.toString());
    }
    assertEquals("alice@example.org", IdentityFile.load(folder.resolve("alice.key")).name());
    try (TrustStore met = TrustStore.open(folder.resolve("known-people"))) {
      assertEquals(1, met.keys("bob@example.org").size());
    }
  }
}
