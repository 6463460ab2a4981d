/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.awt.Rectangle;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.Xvfb;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.PictureClip;

/**
 * Two people with the client, alice with a window and bob on the terminal, and two applications
 * with the library, carol and dave, in one room: each with a colour of its own, on which something
 * moves.
 */
@OnWebDeployment
@RequiresGStreamer
@RequiresXvfb
class PeopleAndApplicationsTest {
  private static final String ROOM = "everybody";
  private static final Set<String> NAMES = Set.of("alice", "bob", "carol", "dave");
  private static final VideoFormat FORMAT =
      new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 50_000)), 1);

  /** What the window looked like last. */
  private static final String SHOT = "window.png";

  private static final int PICTURES = 40;
  private static final double SOUND_SECONDS = 3;

  /** Of the screen, what the colour of a large picture and of a small one takes. */
  private static final double LARGE = 0.2;

  private static final double LEAST = 0.005;
  private static final double SMALL = 0.05;

  /** More than what encoding a picture again changes of a pixel. */
  private static final int ANOTHER_COLOUR = 48;

  /** Of a tile, what changes at least when something moves on it. */
  private static final double MOVES = 0.005;

  private final WebDeployment deployment;

  @TempDir private Path folder = Path.of("");

  PeopleAndApplicationsTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  // ---------------------------------------------------------------- who takes part

  /** A square that wanders over a ground; encoded as the file's name wants it. */
  private Path clip(String ground, String name, String... sound) throws Exception {
    List<String> sources = new ArrayList<>();
    sources.add(
        ("color=%s:size=320x180:rate=15[ground];color=black:size=60x60:rate=15[square];"
                + "[ground][square]overlay=x='mod(t*90,260)':y=50:shortest=1,format=yuv420p")
            .formatted(ground));
    sources.addAll(List.of(sound));
    return Ffmpeg.make(folder.resolve(name), 6, sources, "-b:v", "200k", "-g", "15");
  }

  private PictureClip pictures(String ground) throws Exception {
    return PictureClip.parse(Files.readAllBytes(clip(ground, ground + ".ivf")));
  }

  /** As long as the meeting, encoded once and repeated. */
  private Path film(String ground) throws Exception {
    Path once = clip(ground, ground + "-once.webm", "sine=frequency=440:sample_rate=48000");
    return Ffmpeg.repeat(folder.resolve(ground + ".webm"), 1800, once);
  }

  // ---------------------------------------------------------------- what is looked at

  private static void await(Supplier<String> what, BooleanSupplier condition) throws Exception {
    if (!Await.holdsWithin(Checks.PATIENCE, condition)) {
      fail(what.get());
    }
  }

  private static boolean has(ClientProcess client, String name) {
    return client.has(name, PICTURES, SOUND_SECONDS);
  }

  private static void awaitEverybody(ClientProcess client, String self) throws Exception {
    for (String name : NAMES) {
      if (!name.equals(self)) {
        await(
            () -> "%s hears and sees %s: %s".formatted(self, name, client.lines()),
            () -> has(client, name));
      }
    }
  }

  private static void awaitEverybody(PlayingApplication application, String self) throws Exception {
    for (String name : NAMES) {
      if (!name.equals(self)) {
        await(
            () -> "%s hears and sees %s: %s".formatted(self, name, application.events),
            () -> application.has(name));
      }
    }
  }

  /** Whether a client says that all are members, and nobody else is in the room. */
  private static boolean isPrivate(ClientProcess client) {
    String line = client.last("private: ").replace(" (you)", "");
    String members = "yes; members: ";
    return line.startsWith(members)
        && NAMES.equals(Set.of(line.substring(members.length()).split(", ")));
  }

  private static String code(ClientProcess client) {
    return client.last("code: ").replaceFirst(" \\(.*", "");
  }

  // ---------------------------------------------------------------- the window

  /**
   * What the window shows.
   *
   * @param tiles where each colour is
   * @param shares which part of the screen it takes
   */
  private record Look(
      BufferedImage image, Map<Colour, Rectangle> tiles, Map<Colour, Double> shares) {
    static Look of(BufferedImage image) {
      Map<Colour, Rectangle> tiles = new EnumMap<>(Colour.class);
      Map<Colour, Double> shares = new EnumMap<>(Colour.class);
      int width = image.getWidth();
      int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
      for (Colour colour : Colour.values()) {
        int count = 0;
        int left = width;
        int right = -1;
        int top = image.getHeight();
        int bottom = -1;
        for (int i = 0; i < pixels.length; i++) {
          if (colour.is(pixels[i])) {
            count++;
            left = Math.min(left, i % width);
            right = Math.max(right, i % width);
            top = Math.min(top, i / width);
            bottom = Math.max(bottom, i / width);
          }
        }
        if (count > 0) {
          tiles.put(colour, new Rectangle(left, top, right - left + 1, bottom - top + 1));
          shares.put(colour, (double) count / pixels.length);
        }
      }
      return new Look(image, tiles, shares);
    }

    Rectangle tile(Colour colour) {
      return Objects.requireNonNull(tiles.get(colour), colour::name);
    }

    boolean isLarge(Colour colour) {
      return shares.getOrDefault(colour, 0.0) > LARGE;
    }

    boolean isSmall(Colour colour) {
      double share = shares.getOrDefault(colour, 0.0);
      return share > LEAST && share < SMALL;
    }

    boolean isGone(Colour colour) {
      return shares.getOrDefault(colour, 0.0) < LEAST / 5;
    }

    /** No picture covers another one. */
    boolean isApart() {
      return !tile(Colour.RED).intersects(tile(Colour.GREEN))
          && !tile(Colour.RED).intersects(tile(Colour.BLUE))
          && !tile(Colour.GREEN).intersects(tile(Colour.BLUE));
    }

    /** Returns which part of a tile looks different there, 0 to 1. */
    double change(Look later, Rectangle tile) {
      int different = 0;
      for (int y = tile.y; y < tile.y + tile.height; y++) {
        for (int x = tile.x; x < tile.x + tile.width; x++) {
          int one = image.getRGB(x, y);
          int other = later.image.getRGB(x, y);
          boolean differs = false;
          for (int shift = 0; shift < Integer.SIZE - Byte.SIZE; shift += Byte.SIZE) {
            differs |= Math.abs((one >> shift & 0xFF) - (other >> shift & 0xFF)) > ANOTHER_COLOUR;
          }
          different += differs ? 1 : 0;
        }
      }
      return (double) different / (tile.width * tile.height);
    }
  }

  /** Takes pictures of the screen until one is as it should be. */
  @CanIgnoreReturnValue
  private Look awaitLook(Xvfb screen, String what, Predicate<Look> wanted) throws Exception {
    Path shot = Files.createDirectories(Checks.folder(getClass().getSimpleName())).resolve(SHOT);
    AtomicReference<@Nullable Look> last = new AtomicReference<>();
    await(
        () -> what + ", not " + Objects.requireNonNull(last.get()).shares() + ": " + shot,
        () -> {
          Look look = Look.of(screen.screenshot(shot));
          last.set(look);
          return wanted.test(look);
        });
    return Objects.requireNonNull(last.get());
  }

  // ---------------------------------------------------------------- the test

  @Test
  void everybodySeesAndHearsEverybody() throws Exception {
    try (Xvfb screen = Xvfb.start(folder);
        PlayingApplication carol = new PlayingApplication(pictures("red"));
        PlayingApplication dave = new PlayingApplication(pictures("lime"));
        ClientProcess alice =
            ClientProcess.window(
                deployment,
                folder,
                ROOM,
                "alice",
                screen.display(),
                "--test-media",
                "ball",
                "--size",
                "180",
                "--yes");
        ClientProcess bob =
            ClientProcess.join(
                deployment,
                folder,
                ROOM,
                "bob",
                "--file",
                film("blue").toString(),
                "--size",
                "180",
                "--yes")) {
      JitsiRoom carolsRoom = carol.join(deployment, folder, ROOM, "carol", FORMAT);
      JitsiRoom davesRoom = dave.join(deployment, folder, ROOM, "dave", FORMAT);
      carol.play(Clips.speech(1));
      dave.play(Clips.speech(2));
      for (ClientProcess client : List.of(alice, bob)) {
        await(() -> "all are members: " + client.lines(), () -> isPrivate(client));
      }
      await(() -> "applications know all", () -> all(carol) && all(dave));
      awaitEverybody(alice, "alice");
      awaitEverybody(bob, "bob");
      awaitEverybody(carol, "carol");
      awaitEverybody(dave, "dave");
      await(
          () -> "one code: " + List.of(code(alice), code(bob), carol.code(), dave.code()),
          () ->
              !carol.code().isEmpty()
                  && Set.of(carol.code())
                      .containsAll(List.of(code(alice), code(bob), dave.code())));

      alice.command("m");
      alice.awaitLine("you: microphone off, camera on");
      bob.command("m");
      bob.awaitLine("you: microphone off, camera on");
      davesRoom.mute(MediaKind.AUDIO, true);
      Look before =
          awaitLook(
              screen,
              "carol speaks and is large",
              look ->
                  look.isLarge(Colour.RED)
                      && look.isSmall(Colour.GREEN)
                      && look.isSmall(Colour.BLUE)
                      && look.isApart());
      for (Colour colour : Colour.values()) {
        awaitLook(
            screen, colour + " moves", look -> before.change(look, before.tile(colour)) > MOVES);
      }
      assertOnlyOthersMove(screen, before, bob);

      carolsRoom.mute(MediaKind.AUDIO, true);
      davesRoom.mute(MediaKind.AUDIO, false);
      awaitLook(
          screen,
          "dave speaks and is large",
          look -> look.isLarge(Colour.GREEN) && look.isSmall(Colour.RED));
      bob.command("v");
      awaitLook(screen, "bob's camera is on again", look -> look.isSmall(Colour.BLUE));

      bob.kill();
      awaitWithout(List.of(alice), List.of(carol, dave), "bob");
      awaitLook(screen, "bob is gone", look -> look.isGone(Colour.BLUE));
      carolsRoom.mute(MediaKind.AUDIO, false);
      alice.command("m");
      carol.forget();
      dave.forget();
      await(() -> "goes on without bob", () -> carol.has("dave") && dave.has("carol"));
      await(() -> "goes on with alice", () -> carol.has("alice") && dave.has("alice"));

      screen.press(KeyEvent.VK_Q);
      assertEquals(0, alice.awaitEnd(), () -> alice.lines().toString());
      awaitWithout(List.of(), List.of(carol, dave), "alice");
      carol.forget();
      dave.forget();
      await(() -> "goes on without alice", () -> carol.has("dave") && dave.has("carol"));
    }
    Checks.assertHealthy(deployment.bridge());
  }

  private static boolean all(PlayingApplication application) {
    return application.members().equals(NAMES);
  }

  /** Where a camera is off, nothing moves. */
  private void assertOnlyOthersMove(Xvfb screen, Look before, ClientProcess bob) throws Exception {
    bob.command("v");
    bob.awaitLine("you: microphone off, camera off");
    Look off = awaitLook(screen, "bob's camera is off", look -> look.isGone(Colour.BLUE));
    Look later =
        awaitLook(
            screen,
            "the others move",
            look ->
                off.change(look, before.tile(Colour.RED)) > MOVES
                    && off.change(look, before.tile(Colour.GREEN)) > MOVES);
    assertEquals(0, off.change(later, before.tile(Colour.BLUE)));
    assertTrue(off.isSmall(Colour.GREEN));
  }

  private static void awaitWithout(
      List<ClientProcess> clients, List<PlayingApplication> applications, String gone)
      throws Exception {
    for (ClientProcess client : clients) {
      client.awaitLine("- " + gone + " is not in the group any more");
    }
    await(
        () -> gone + " is no member any more",
        () -> applications.stream().noneMatch(one -> one.members().contains(gone)));
  }
}
