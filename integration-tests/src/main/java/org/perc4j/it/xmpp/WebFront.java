/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Folders;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.transport.TestAuthority;

/**
 * nginx as Debian installs it, run as a child process with a configuration of its own, in front of
 * Prosody, as in a Jitsi Meet installation: TLS, {@code config.js} with what depends on the tenant
 * put in, XMPP over WebSocket and BOSH, and what belongs to a bridge and to Jicofo. On the loopback
 * interface; where this process is root, nginx is not. Not thread-safe.
 */
public final class WebFront implements AutoCloseable {
  /** The host that clients connect to, and that its certificate is for. */
  public static final String HOST = "localhost";

  private static final Path EXECUTABLE = Path.of("/usr/sbin/nginx");

  /**
   * What tests differ in.
   *
   * @param certificateHost whom the certificate is for
   * @param certificateMoved by how much it was valid earlier or will be valid later than now
   * @param webSocket whether XMPP over WebSocket is there; else its path is not found
   * @param bosh whether BOSH is there; else its path is not found
   * @param bridgePort where a bridge serves {@code /colibri-ws/}, or null
   * @param focusPort where Jicofo serves {@code /conference-request/v1}, or null
   */
  public record Options(
      String certificateHost,
      Duration certificateMoved,
      boolean webSocket,
      boolean bosh,
      @Nullable Integer bridgePort,
      @Nullable Integer focusPort) {
    /** All as it should be, without bridge and Jicofo. */
    public static final Options DEFAULT = new Options(HOST, Duration.ZERO, true, true, null, null);

    /** Returns the same with a certificate for another host. */
    public Options withCertificateFor(String host) {
      return new Options(host, certificateMoved, webSocket, bosh, bridgePort, focusPort);
    }

    /** Returns the same with a certificate of another time. */
    public Options withCertificateMoved(Duration moved) {
      return new Options(certificateHost, moved, webSocket, bosh, bridgePort, focusPort);
    }

    /** Returns the same without XMPP over WebSocket. */
    public Options withoutWebSocket() {
      return new Options(certificateHost, certificateMoved, false, bosh, bridgePort, focusPort);
    }

    /** Returns the same without BOSH. */
    public Options withoutBosh() {
      return new Options(
          certificateHost, certificateMoved, webSocket, false, bridgePort, focusPort);
    }

    /** Returns the same in front of a bridge and Jicofo. */
    public Options withBackend(int bridgePort, int focusPort) {
      return new Options(certificateHost, certificateMoved, webSocket, bosh, bridgePort, focusPort);
    }
  }

  private final Path directory;
  private final int port;
  private final List<String> command;
  private @Nullable ChildProcess process;

  private WebFront(Path directory, int port, List<String> command) {
    this.directory = directory;
    this.port = port;
    this.command = command;
  }

  /** Tells whether nginx is installed. */
  public static boolean isInstalled() {
    return Files.isExecutable(EXECUTABLE);
  }

  /**
   * Starts it on a free port, and waits until it can be connected to.
   *
   * @param authority that its certificate is of
   */
  public static WebFront start(ProsodyServer server, TestAuthority authority, Options options)
      throws IOException, InterruptedException {
    return start(server, authority, options, LabNetwork.freeTcpPort());
  }

  /**
   * Starts it, and waits until it can be connected to.
   *
   * @param authority that its certificate is of
   * @param port of the loopback interface, where it is to listen
   */
  public static WebFront start(
      ProsodyServer server, TestAuthority authority, Options options, int port)
      throws IOException, InterruptedException {
    if (!isInstalled()) {
      throw new IOException("nginx is not installed");
    }
    Path directory = Files.createTempDirectory("perc4j-nginx");
    TestAuthority.Credentials credentials =
        authority.issue(options.certificateHost(), options.certificateMoved());
    Path configuration = directory.resolve("nginx.conf");
    Path script = directory.resolve("config.js");
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    Files.writeString(configuration, configuration(directory, port, server.webPort(), options));
    Files.writeString(script, script(port, options));
    Files.writeString(key, credentials.key());
    Files.writeString(certificate, credentials.certificate());
    List<String> command =
        new ArrayList<>(LowlyUser.prefix("www-data", directory, configuration, script, key));
    command.addAll(
        List.of(
            EXECUTABLE.toString(),
            "-e",
            "stderr",
            "-p",
            directory.toString(),
            "-c",
            configuration.toString()));
    WebFront front = new WebFront(directory, port, command);
    front.launch();
    return front;
  }

  /** Paths, headers and rewriting are those that Jitsi's own templates have. */
  private static String configuration(Path directory, int port, int xmppPort, Options options) {
    String webSocket =
        options.webSocket()
            ? """
              proxy_pass http://127.0.0.1:%d/xmpp-websocket?prefix=$prefix&$args;
              proxy_http_version 1.1;
              proxy_set_header Upgrade $http_upgrade;
              proxy_set_header Connection "upgrade";
              proxy_set_header Host %s;
              tcp_nodelay on;
              """
                .formatted(xmppPort, ProsodyServer.DOMAIN)
            : "return 404;";
    String bosh =
        options.bosh()
            ? """
              proxy_pass http://127.0.0.1:%d/http-bind?prefix=$prefix&$args;
              proxy_http_version 1.1;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header Host %s;
              proxy_set_header Connection "";
              """
                .formatted(xmppPort, ProsodyServer.DOMAIN)
            : "return 404;";
    String bridge =
        options.bridgePort() == null
            ? "return 404;"
            : """
              proxy_pass http://127.0.0.1:%d;
              proxy_http_version 1.1;
              proxy_set_header Upgrade $http_upgrade;
              proxy_set_header Connection "upgrade";
              tcp_nodelay on;
              """
                .formatted(options.bridgePort());
    String focus =
        options.focusPort() == null
            ? "return 404;"
            : "proxy_pass http://127.0.0.1:%d/conference-request/v1$is_args$args;"
                .formatted(options.focusPort());
    return """
        daemon off;
        master_process off; # it needs another user, which a user namespace does not have
        pid %1$s/nginx.pid;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          types { application/javascript js; text/html html; }
          default_type text/html;
          server {
            listen 127.0.0.1:%2$d ssl;
            server_name %3$s;
            ssl_certificate %1$s/certificate.pem;
            ssl_certificate_key %1$s/key.pem;
            ssl_protocols TLSv1.2 TLSv1.3;
            client_max_body_size 2m;
            root %1$s/www;
            ssi on;
            ssi_types application/javascript;
            set $prefix "";
            set $subdomain "";
            set $subdir "";
            location = /config.js { alias %1$s/config.js; }
            location = /xmpp-websocket {
              %4$s
            }
            location = /http-bind {
              %5$s
            }
            location ~ ^/colibri-ws/ {
              %6$s
            }
            location = /conference-request/v1 {
              %7$s
            }
            location ~ ^/([^/?&:'"]+)/(config.js|xmpp-websocket|http-bind|conference-request/v1)$ {
              set $prefix "$1";
              set $subdomain "$1.";
              set $subdir "$1/";
              rewrite ^/[^/]+/(.*)$ /$1;
            }
          }
        }
        """
        .formatted(directory, port, HOST, webSocket, bosh, bridge, focus);
  }

  private static String script(int port, Options options) {
    String focus =
        options.focusPort() == null
            ? ""
            : "config.conferenceRequestUrl = 'https://%s:%d/' + subdir + 'conference-request/v1';"
                .formatted(HOST, port);
    return """
        /* eslint-disable no-unused-vars, no-var */
        var subdir = '<!--# echo var="subdir" default="" -->';
        var subdomain = '<!--# echo var="subdomain" default="" -->';
        if (subdomain) {
            subdomain = subdomain.substr(0, subdomain.length - 1).split('.').join('_')
                .toLowerCase() + '.';
        }
        var config = {
            hosts: {
                domain: '%1$s',
                authdomain: '%2$s',
                muc: 'conference.' + subdomain + '%1$s', // as in Debian's package
            },
            focusUserJid: '%3$s',
            bosh: 'https://%4$s:%5$d/' + subdir + 'http-bind',
            websocket: 'wss://%4$s:%5$d/' + subdir + 'xmpp-websocket',
        };
        %6$s
        """
        .formatted(
            ProsodyServer.DOMAIN, ProsodyServer.ACCOUNTS, ProsodyServer.FOCUS, HOST, port, focus);
  }

  private void launch() throws IOException, InterruptedException {
    process =
        ChildProcess.start(
            "nginx",
            new ProcessBuilder(command).directory(directory.toFile()),
            directory.resolve("console.log"),
            () -> ProsodyServer.isListening(port));
  }

  /** Returns the TCP port of the loopback interface. */
  public int port() {
    return port;
  }

  /**
   * Returns the URL of a meeting, as people send it to each other.
   *
   * @param path with the room's name, and a tenant's in front of it if there is one
   */
  public String meeting(String path) {
    return "https://" + HOST + ":" + port + "/" + path;
  }

  /** Returns where it writes what it complains about. */
  public Path log() {
    return directory.resolve("console.log");
  }

  /** Ends it, which cuts all connections, and starts it on the same port. */
  public void restart() throws IOException, InterruptedException {
    stop();
    launch();
  }

  /** Ends it, which cuts all connections. */
  public void stop() {
    ChildProcess running = process;
    process = null;
    if (running != null) {
      running.close();
    }
  }

  /** Starts it again after {@link #stop}. */
  public void goOn() throws IOException, InterruptedException {
    if (process != null) {
      throw new IllegalStateException("nginx is running");
    }
    launch();
  }

  /** Stops, and deletes what it wrote. */
  @Override
  public void close() {
    stop();
    Folders.delete(directory);
  }
}
