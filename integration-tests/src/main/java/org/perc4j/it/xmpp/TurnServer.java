/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.perc4j.endpoint.relay.RelayService;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Folders;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.transport.TestAuthority;

/**
 * coturn as Debian installs it, run as a child process with a configuration of its own, as in a
 * Jitsi Meet installation: time-limited user names and passwords, UDP, TCP and TLS. It listens, and
 * relays, at {@link LabNetwork#ADDRESS}, and listens on the loopback interface, for names. Where
 * this process is root, coturn is not. Thread-safe.
 */
public final class TurnServer implements AutoCloseable {
  /** The host that its certificate is for, unless told. */
  public static final String HOST = "localhost";

  /** What time-limited passwords are derived from. */
  public static final String SECRET = "not a secret";

  private static final Path EXECUTABLE = Path.of("/usr/bin/turnserver");
  private static final Duration VALIDITY = Duration.ofHours(1);

  private final Path directory;
  private final ChildProcess process;
  private final int port;
  private final int tlsPort;

  private TurnServer(Path directory, ChildProcess process, int port, int tlsPort) {
    this.directory = directory;
    this.process = process;
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /** Tells whether coturn is installed. */
  public static boolean isInstalled() {
    return Files.isExecutable(EXECUTABLE);
  }

  /**
   * Starts it on free ports, and waits until it can be connected to.
   *
   * @param credentials for TLS
   */
  public static TurnServer start(TestAuthority.Credentials credentials)
      throws IOException, InterruptedException {
    if (!isInstalled()) {
      throw new IOException("coturn is not installed");
    }
    Path directory = Files.createTempDirectory("perc4j-coturn");
    int port = LabNetwork.freeTcpPort();
    int tlsPort = LabNetwork.freeTcpPort();
    Path configuration = directory.resolve("turnserver.conf");
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    Files.writeString(key, credentials.key());
    Files.writeString(certificate, credentials.certificate());
    Files.writeString(configuration, configuration(directory, port, tlsPort));
    List<String> command =
        new ArrayList<>(LowlyUser.prefix("turnserver", directory, configuration, key, certificate));
    command.addAll(List.of(EXECUTABLE.toString(), "-c", configuration.toString()));
    ChildProcess process =
        ChildProcess.start(
            "coturn",
            new ProcessBuilder(command).directory(directory.toFile()),
            directory.resolve("console.log"),
            () -> ProsodyServer.isListening(port) && ProsodyServer.isListening(tlsPort));
    return new TurnServer(directory, process, port, tlsPort);
  }

  private static String configuration(Path directory, int port, int tlsPort) {
    return """
        listening-ip=127.0.0.1
        listening-ip=%1$s
        relay-ip=%1$s
        listening-port=%2$d
        tls-listening-port=%3$d
        cert=%4$s/certificate.pem
        pkey=%4$s/key.pem
        pidfile=%4$s/turnserver.pid
        userdb=%4$s/turndb
        use-auth-secret
        static-auth-secret=%5$s
        realm=meet.example
        fingerprint
        no-cli
        no-multicast-peers
        no-software-attribute
        no-stdout-log
        log-file=%4$s/turnserver.log
        simple-log
        verbose
        """
        .formatted(LabNetwork.ADDRESS, port, tlsPort, directory, SECRET);
  }

  /** Returns the port of UDP and TCP. */
  public int port() {
    return port;
  }

  /** Returns the port of TLS. */
  public int tlsPort() {
    return tlsPort;
  }

  /** Returns where it writes its log. */
  public Path log() {
    return directory.resolve("turnserver.log");
  }

  /** Returns how to ask for one's address. */
  public RelayService stun() {
    return new RelayService(
        RelayService.Kind.STUN,
        LabNetwork.ADDRESS,
        port,
        RelayService.Transport.UDP,
        null,
        null,
        null);
  }

  /** Returns how to use it at the lab's address, over UDP or TCP, without TLS. */
  public RelayService turn(RelayService.Transport transport) {
    return relay(RelayService.Kind.TURN, LabNetwork.ADDRESS, port, transport);
  }

  /** Returns how to use it over TLS, by the name that its certificate is for. */
  public RelayService turns() {
    return relay(RelayService.Kind.TURNS, HOST, tlsPort, RelayService.Transport.TCP);
  }

  /** Returns how to use it over TLS, at the lab's address. */
  public RelayService turnsAtTheLab() {
    return relay(RelayService.Kind.TURNS, LabNetwork.ADDRESS, tlsPort, RelayService.Transport.TCP);
  }

  private static RelayService relay(
      RelayService.Kind kind, String host, int port, RelayService.Transport transport) {
    String username = Clock.systemUTC().instant().plus(VALIDITY).getEpochSecond() + ":user";
    return new RelayService(kind, host, port, transport, username, password(username), null);
  }

  /** Derives a password as XMPP servers do (draft-uberti-behave-turn-rest-00). */
  private static String password(String username) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA1 is in every JDK", e);
    }
  }

  /** It does nothing any more, as if the network to it were cut. */
  public void freeze() throws IOException, InterruptedException {
    process.signal("-STOP");
  }

  /** It goes on after {@link #freeze}. */
  public void goOn() throws IOException, InterruptedException {
    process.signal("-CONT");
  }

  /** Ends it, and deletes what it wrote. */
  @Override
  public void close() {
    process.close();
    Folders.delete(directory);
  }
}
