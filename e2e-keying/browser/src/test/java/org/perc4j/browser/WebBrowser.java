/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A browser that somebody else wrote, without a window, on a page that is served on loopback. */
enum WebBrowser {
  CHROMIUM {
    @Override
    List<String> programs() {
      return List.of("chromium", "chromium-headless-shell", "google-chrome");
    }

    @Override
    List<String> options(Path profile) {
      return List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--no-first-run",
          "--user-data-dir=" + profile);
    }
  },

  FIREFOX {
    @Override
    List<String> programs() {
      return List.of("firefox-esr", "firefox");
    }

    @Override
    List<String> options(Path profile) throws IOException {
      Path unused =
          Files.writeString(
              profile.resolve("user.js"),
              """
              user_pref("app.update.enabled", false);
              user_pref("browser.shell.checkDefaultBrowser", false);
              user_pref("datareporting.policy.dataSubmissionEnabled", false);
              user_pref("network.captive-portal-service.enabled", false);
              user_pref("network.connectivity-service.enabled", false);
              user_pref("toolkit.telemetry.enabled", false);
              """);
      return List.of("--headless", "--no-remote", "--profile", profile.toString());
    }
  };

  private static final String PEER = "peer/";
  private static final long PATIENCE_SECONDS = 240;

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "wasm", "application/wasm");

  abstract List<String> programs();

  abstract List<String> options(Path profile) throws IOException;

  /**
   * Returns where it is installed, or null: where the system property or the environment variable
   * of its name says, else on the path.
   */
  @Nullable Path installed() {
    String told = System.getProperty(programs().get(0), System.getenv().getOrDefault(name(), ""));
    if (!told.isEmpty()) {
      Path program = Path.of(told);
      return Files.isExecutable(program) ? program : null;
    }
    for (String name : programs()) {
      for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        Path program = Path.of(place, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /**
   * Opens a page, and returns what it posts to {@code /done} in the end.
   *
   * @param folder for the browser's own files
   * @param page the name of its script, a module among the resources beside this class; what was
   *     compiled is served, too
   */
  String open(Path folder, String page) throws IOException, InterruptedException {
    return open(folder, page, (question, octets) -> new byte[0]);
  }

  /** Somebody on the JVM, whom a page asks. */
  interface Peer {
    /** Answers what a page posts to {@code /peer/QUESTION}. */
    byte[] answer(String question, byte[] octets) throws Exception;
  }

  /** Opens a page that asks somebody on the JVM, one question at a time. */
  String open(Path folder, String page, Peer peer) throws IOException, InterruptedException {
    CompletableFuture<String> done = new CompletableFuture<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String name = exchange.getRequestURI().getPath().substring(1);
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (name.startsWith(PEER)) {
            byte[] reply;
            try {
              reply = peer.answer(name.substring(PEER.length()), body);
            } catch (Exception e) {
              boolean unused = done.completeExceptionally(e);
              throw new IOException(e);
            }
            answer(exchange, "", reply);
            return;
          }
          switch (name) {
            case "done" -> {
              answer(exchange, "", new byte[0]);
              boolean unused = done.complete(new String(body, StandardCharsets.UTF_8));
            }
            case "" ->
                answer(
                    exchange,
                    "html",
                    ("<!doctype html><script type=module src=" + page + "></script>")
                        .getBytes(StandardCharsets.UTF_8));
            default -> {
              answer(exchange, name.substring(name.lastIndexOf('.') + 1), served(name));
            }
          }
        });
    server.start();
    try {
      return run(folder, "http://127.0.0.1:" + server.getAddress().getPort() + "/", done);
    } finally {
      server.stop(0);
    }
  }

  private String run(Path folder, String url, CompletableFuture<String> done)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(String.valueOf(installed()));
    command.addAll(options(Files.createDirectories(folder.resolve("profile"))));
    command.add(url);
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    try {
      return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(this + " failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException(this + " did not finish: " + Files.readString(log), e);
    } finally {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle each : all) {
        var unused = each.onExit().join();
      }
      // a link that leads elsewhere, of which whoever deletes the folder would complain
      boolean unused = Files.deleteIfExists(folder.resolve("profile").resolve("SingletonSocket"));
    }
  }

  private static byte[] served(String name) throws IOException {
    for (String place : List.of("classes/META-INF/resources/perc4j", "test-web")) {
      Path file = Path.of("target", place, name);
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
    }
    try (var in = WebBrowser.class.getResourceAsStream(name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", TYPES.getOrDefault(type, "text/plain"));
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
