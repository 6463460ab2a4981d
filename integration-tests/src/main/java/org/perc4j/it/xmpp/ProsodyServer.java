/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Folders;
import org.perc4j.it.harness.LabNetwork;

/**
 * Prosody as Debian installs it, run as a child process with a configuration of its own: on the
 * loopback interface, without TLS and without other servers, keeping nothing. Like in a Jitsi Meet
 * installation, most clients are anonymous guests, and rooms are open and unlocked. Where this
 * process is root, Prosody is not. Not thread-safe.
 */
public final class ProsodyServer implements AutoCloseable {
  /** The guests' domain. */
  public static final String DOMAIN = "meet.example";

  /** The rooms' domain. */
  public static final String ROOMS = "conference." + DOMAIN;

  /** The domain of those with an account: whoever says so. */
  public static final String ACCOUNTS = "auth." + DOMAIN;

  /** The user that moderates all rooms: Jicofo. */
  public static final String FOCUS_USER = "focus";

  /** Jicofo's bare JID. */
  public static final String FOCUS = FOCUS_USER + "@" + ACCOUNTS;

  /** Where people wait to be let into rooms for members only. */
  public static final String LOBBIES = "lobby." + DOMAIN;

  /** As Jitsi's module does: who is no member is told where to wait, and needs a name. */
  private static final String LOBBY_MODULE =
      """
      local st = require "util.stanza"
      local jid = require "util.jid"
      local jitsi = "http://jitsi.org/jitmeet"
      module:hook("muc-occupant-pre-join", function (event)
        local room, stanza = event.room, event.stanza
        local known = room:get_affiliation(stanza.attr.from) or "none"
        if not room:get_members_only() or known ~= "none" then
          return
        end
        local reply
        if not stanza:get_child_text("nick", "http://jabber.org/protocol/nick") then
          reply = st.error_reply(stanza, "modify", "not-acceptable")
          reply:tag("displayname-required", { xmlns = jitsi, lobby = "true" }):up():up()
        else
          local lobby = jid.node(room.jid) .. "@%s"
          reply = st.error_reply(stanza, "auth", "registration-required")
          reply:tag("lobbyroom", { xmlns = jitsi }):text(lobby):up():up()
          reply:tag("lobbyroom"):text(lobby):up()
        end
        event.origin.send(reply)
        return true
      end, -4)
      """
          .formatted(LOBBIES);

  private static final String BRIDGE_ROOMS = "internal." + ACCOUNTS;

  /** The room in which Jicofo finds bridges. */
  public static final String BREWERY = "jvbbrewery@" + BRIDGE_ROOMS;

  /** Jicofo takes its time on a busy machine; when it is away, it is asked again. */
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(15);

  private static final Path EXECUTABLE = Path.of("/usr/bin/prosody");

  /**
   * What tests differ in.
   *
   * @param hibernationSeconds how long the stream of a lost connection can be resumed
   * @param rate how much a client may send, such as {@code 10kb/s}, which is Debian's default; or
   *     null for as much as it likes
   * @param lockedRooms whether a new room is locked until its owner has configured it
   * @param services configuration of {@code external_services}, in Lua, or empty
   */
  public record Options(
      int hibernationSeconds, @Nullable String rate, boolean lockedRooms, String services) {
    /** Five seconds, no limit, no locks. */
    public static final Options DEFAULT = new Options(5, null, false, "");

    /** The same without services. */
    public Options(int hibernationSeconds, @Nullable String rate, boolean lockedRooms) {
      this(hibernationSeconds, rate, lockedRooms, "");
    }

    /** The same with services besides XMPP. */
    public Options withServices(String configured) {
      return new Options(hibernationSeconds, rate, lockedRooms, configured);
    }
  }

  private final Path directory;
  private final int port;
  private final int webPort;
  private final List<String> command;
  private @Nullable ChildProcess process;

  private ProsodyServer(Path directory, int port, int webPort, List<String> command) {
    this.directory = directory;
    this.port = port;
    this.webPort = webPort;
    this.command = command;
  }

  /** Tells whether Prosody is installed. */
  public static boolean isInstalled() {
    return Files.isExecutable(EXECUTABLE);
  }

  /** Starts a server with {@link Options#DEFAULT}. */
  public static ProsodyServer start() throws IOException, InterruptedException {
    return start(Options.DEFAULT);
  }

  /** Starts a server on a free port, and waits until it can be connected to. */
  public static ProsodyServer start(Options options) throws IOException, InterruptedException {
    if (!isInstalled()) {
      throw new IOException("Prosody is not installed");
    }
    Path directory = Files.createTempDirectory("perc4j-prosody");
    int port = LabNetwork.freeTcpPort();
    int webPort = LabNetwork.freeTcpPort();
    Path configuration = directory.resolve("prosody.cfg.lua");
    Files.writeString(configuration, configuration(directory, port, webPort, options));
    Path lobby = Files.writeString(directory.resolve("mod_lobby_of_tests.lua"), LOBBY_MODULE);
    List<String> command = new ArrayList<>();
    // A hundred clients and more.
    command.addAll(List.of("sh", "-c", "ulimit -n 4096; exec \"$@\"", "prosody"));
    command.addAll(LowlyUser.prefix("prosody", directory, configuration, lobby));
    command.addAll(List.of(EXECUTABLE.toString(), "--config", configuration.toString(), "-F"));
    ProsodyServer server = new ProsodyServer(directory, port, webPort, command);
    server.launch();
    return server;
  }

  private static String configuration(Path directory, int port, int webPort, Options options) {
    // The module limits to 10 kB/s when it is not told how much.
    String limits =
        options.rate() == null
            ? "modules_disabled = { \"s2s\", \"limits\" }"
            : "modules_disabled = { \"s2s\" } limits = { c2s = { rate = \""
                + options.rate()
                + "\" } }";
    return """
        run_as_root = true -- of a user namespace
        pidfile = "%1$s/prosody.pid"
        data_path = "%1$s"
        plugin_paths = { "%1$s" }
        log = { info = "%1$s/prosody.log" }
        interfaces = { "127.0.0.1" }
        c2s_ports = { %2$d }
        c2s_direct_tls_ports = {}
        http_ports = { %11$d }
        http_interfaces = { "127.0.0.1" }
        https_ports = {}
        http_default_host = "%5$s"
        consider_websocket_secure = true -- the web front has TLS
        consider_bosh_secure = true
        modules_enabled = {
          "posix", "saslauth", "disco", "ping", "smacks", "limits", "websocket", "bosh",
          "external_services"
        }
        external_services = { %13$s }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        storage = "memory"
        smacks_hibernation_time = %3$d
        %4$s
        VirtualHost "%5$s"
          authentication = "anonymous"
        VirtualHost "%8$s"
          authentication = "insecure" -- any user, any password
          insecure_open_authentication = "Yes please, I know what I'm doing!"
        Component "%6$s" "muc"
          muc_room_locking = %7$s
          muc_room_default_public_jids = true
          modules_enabled = { "lobby_of_tests" }
          admins = { "%9$s" } -- owner of all rooms
        Component "%12$s" "muc"
          muc_room_locking = false
          muc_room_default_public_jids = true
          admins = { "%9$s" }
        Component "%10$s" "muc"
          muc_room_locking = false
          muc_room_default_public_jids = true
          admins = { "%9$s" } -- bridges may make the room before
        """
        .formatted(
            directory,
            port,
            options.hibernationSeconds(),
            limits,
            DOMAIN,
            ROOMS,
            options.lockedRooms(),
            ACCOUNTS,
            FOCUS,
            BRIDGE_ROOMS,
            webPort,
            LOBBIES,
            options.services());
  }

  private void launch() throws IOException, InterruptedException {
    process =
        ChildProcess.start(
            "Prosody",
            new ProcessBuilder(command).directory(directory.toFile()),
            directory.resolve("console.log"),
            this::isListening);
  }

  private boolean isListening() {
    return isListening(port) && isListening(webPort);
  }

  static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns how guests connect. */
  public XmppServer guests() {
    return XmppServer.at("127.0.0.1", port, DOMAIN).dangerouslyWithoutTls();
  }

  /** Returns how a user connects, whose stream is resumed, other than that of a guest. */
  public XmppServer account(String user) {
    return XmppServer.at("127.0.0.1", port, ACCOUNTS)
        .withAccount(user, "any")
        .withResumption()
        .dangerouslyWithoutTls();
  }

  /** Makes a guest's connection as any client has it; whoever asks for it connects and ends it. */
  public XMPPTCPConnection newGuest() throws IOException {
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(port)
                .setXmppDomain(DOMAIN)
                .setSecurityMode(SecurityMode.disabled)
                .setSendPresence(false)
                .performSaslAnonymousAuthentication()
                .build());
    connection.setReplyTimeout(REPLY_TIMEOUT.toMillis());
    Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
    return connection;
  }

  /** Returns a room's bare JID. */
  public static String room(String name) {
    return name + "@" + ROOMS;
  }

  /** Returns the TCP port of the loopback interface where clients connect. */
  public int port() {
    return port;
  }

  /**
   * Returns the TCP port of the loopback interface where a web server passes on what comes for
   * {@code /xmpp-websocket} and {@code /http-bind}; without TLS.
   */
  public int webPort() {
    return webPort;
  }

  /** Returns where the server writes its log. */
  public Path log() {
    return directory.resolve("prosody.log");
  }

  /** Ends the server, which closes its streams, and starts it on the same port: rooms are gone. */
  public void restart() throws IOException, InterruptedException {
    stop();
    launch();
  }

  /** The server does nothing any more, as if the network to it were cut, until {@link #goOn}. */
  public void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** The server goes on after {@link #freeze}. */
  public void goOn() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    ChildProcess running = process;
    if (running == null) {
      throw new IllegalStateException("Prosody is not running");
    }
    running.signal(signal);
  }

  /** Ends the server. Its log stays where it is. */
  public void stop() {
    ChildProcess running = process;
    process = null;
    if (running != null) {
      running.close();
    }
  }

  /** Stops, and deletes what the server wrote. */
  @Override
  public void close() {
    stop();
    Folders.delete(directory);
  }
}
