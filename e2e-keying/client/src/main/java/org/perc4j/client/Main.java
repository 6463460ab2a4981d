/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.media.Capture;
import org.perc4j.client.media.MediaTaker;
import org.perc4j.client.media.Playback;
import org.perc4j.client.media.Sizes;
import org.perc4j.client.media.Tally;
import org.perc4j.client.meeting.Attendance;
import org.perc4j.client.meeting.Meeting;
import org.perc4j.client.meeting.Printable;
import org.perc4j.client.meeting.Status;
import org.perc4j.client.options.Authorities;
import org.perc4j.client.options.ClientOptions;
import org.perc4j.client.options.TokenExpiry;
import org.perc4j.client.options.UsageException;
import org.perc4j.client.recording.Recorder;
import org.perc4j.client.terminal.Terminal;
import org.perc4j.client.window.Window;
import org.perc4j.e2e.identity.IdentityFile;
import org.perc4j.e2e.identity.TrustStore;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.TrustOnFirstUse;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.web.WebClient;

/** {@code perc4j join URL [options]} and {@code perc4j record URL --to FOLDER [options]}. */
public final class Main {
  private static final Duration RECORDER_DELAY = Duration.ofSeconds(1);

  private final ClientOptions options;
  private final Terminal terminal;
  private volatile @Nullable Window window;

  private Main(ClientOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  /** Joins a meeting, and ends the process when it is over. */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments)).code());
  }

  private static ExitStatus run(List<String> arguments) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (arguments.equals(List.of("help"))
        || arguments.contains("--help")
        || arguments.contains("-h")) {
      out.println(ClientOptions.help());
      return ExitStatus.OK;
    }
    if (arguments.equals(List.of("--version"))) {
      out.println("perc4j " + version());
      return ExitStatus.OK;
    }
    try {
      ClientOptions options =
          ClientOptions.parse(
              arguments,
              System.getenv(),
              Path.of(System.getProperty("user.home")),
              System.getProperty("user.name"));
      quietUnless(options.debug());
      TokenExpiry.check(options.url().token(), Clock.systemUTC());
      Tally tally = new Tally();
      ExitStatus status = new Main(options, new Terminal(System.in, out)).attend(tally);
      if (!tally.all().isEmpty()) {
        // Nearly all that meetings need was needed.
        ClassArchive.keep();
      }
      return status;
    } catch (UsageException e) {
      return failed(ExitStatus.USAGE, e);
    } catch (MediaException e) {
      return failed(ExitStatus.MEDIA, e);
    } catch (JoinException e) {
      return failed(ExitStatus.NOT_JOINED, e);
    }
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "from a folder of classes" : version;
  }

  private static ExitStatus failed(ExitStatus status, Exception why) {
    System.err.println("perc4j: " + Printable.line(String.valueOf(why.getMessage())));
    return status;
  }

  /** Libraries have much to say that is not for people. */
  private static void quietUnless(boolean debug) {
    if (!debug) {
      LogManager.getLogManager().reset();
      Logger.getLogger("").setLevel(Level.OFF);
    }
  }

  private ExitStatus attend(Tally tally)
      throws UsageException, MediaException, JoinException, InterruptedException {
    Thread prepares = new Thread(JitsiRoom::prepare, "preparing");
    prepares.setDaemon(true);
    prepares.start();
    GStreamer gstreamer = GStreamer.start();
    try (TrustStore met = TrustStore.open(options.acquaintances())) {
      EndpointIdentity identity = identity();
      TrustOnFirstUse trust = new TrustOnFirstUse(met, TrustOnFirstUse.WhenChanged.TELL);
      WebClient web =
          options.authorities() == null
              ? WebClient.create()
              : WebClient.create().trusting(Authorities.of(options.authorities()));
      Capture capture = Inputs.open(gstreamer, options, this::say);
      openWindow(met);
      Meeting meeting = new Meeting(member -> trust.standing(member.credential()), this::say);
      List<MediaTaker> takers = takers(gstreamer, meeting, tally);
      try (Attendance attendance =
          new Attendance(capture, takers, meeting, tally::hearsVoice, this::say, this::changed)) {
        terminal.say("joining " + options.url() + " as " + Printable.of(options.name()));
        attendance.join(options.url(), join(identity, trust, web, capture));
        Window shown = window;
        if (shown != null) {
          shown.show(attendance);
        }
        boolean left = terminal.attend(attendance, tally, options.yes());
        Status.decoded(meeting, tally).forEach(terminal::say);
        return left ? ExitStatus.OK : ExitStatus.ENDED;
      } finally {
        Window shown = window;
        if (shown != null) {
          shown.close();
        }
      }
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private void openWindow(TrustStore met) throws InterruptedException {
    if (options.headless()) {
      return;
    }
    window =
        Window.open(
            options.url().toString(),
            member -> {
              boolean remembered =
                  met.markVerified(member.name(), member.credential().fingerprint());
              say(
                  Printable.of(member.name())
                      + (remembered
                          ? " is verified"
                          : " cannot be remembered: there are too many"));
              changed();
            },
            terminal::leave);
    if (window == null) {
      say("there is no display: the meeting is on the terminal");
    }
  }

  private void say(String line) {
    terminal.say(line);
    Window shown = window;
    if (shown != null) {
      shown.say(line);
    }
  }

  private void changed() {
    Window shown = window;
    if (shown != null) {
      shown.changed();
    }
  }

  private List<MediaTaker> takers(GStreamer gstreamer, Meeting meeting, Tally tally)
      throws MediaException, IOException {
    List<MediaTaker> takers = new ArrayList<>();
    if (options.record() != null) {
      takers.add(
          new Recorder(
              gstreamer,
              options.record(),
              options.url().toString(),
              Clock.systemUTC(),
              meeting::member,
              this::say));
      terminal.say("recording to " + options.record());
    }
    if (!options.recordOnly()) {
      Window shown = window;
      Playback playback =
          new Playback(
              gstreamer, tally, shown == null ? null : shown.pictures(), listener(meeting));
      if (!playback.isHeard()) {
        terminal.say("you hear nothing: there is no sound device");
      }
      takers.add(playback);
    }
    return takers;
  }

  private Playback.Listener listener(Meeting meeting) {
    return new Playback.Listener() {
      @Override
      public void undecodable(Source source, @Nullable VideoCodec codec) {
        meeting.setUndecodable(source.owner(), codec);
        changed();
      }

      @Override
      public void trouble(String line) {
        say(line);
      }
    };
  }

  private EndpointIdentity identity() throws IOException, UsageException {
    Path folder = options.identity().toAbsolutePath().getParent();
    if (folder != null) {
      Path unused = Files.createDirectories(folder);
    }
    try {
      return IdentityFile.loadOrGenerate(options.identity(), options.name(), new SecureRandom());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--name: " + e.getMessage(), e);
    }
  }

  private JoinOptions join(
      EndpointIdentity identity, TrustOnFirstUse trust, WebClient web, @Nullable Capture capture) {
    String shown = options.record() == null ? options.name() : options.name() + " (records)";
    JoinOptions join = JoinOptions.of(identity, trust).withWeb(web).withDisplayName(shown);
    if (options.recordOnly()) {
      // Nobody waits to hear it, and packets that come late are kept.
      join = join.withSoundDelay(RECORDER_DELAY, RECORDER_DELAY);
    }
    if (options.password() != null) {
      join = join.withPassword(options.password());
    }
    if (capture != null && capture.hasSound()) {
      join = join.withAudio();
    }
    if (capture != null && capture.hasPictures()) {
      join = join.withVideo(Sizes.format(options.maxHeight()));
    }
    return join;
  }
}
