/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.media.Decoders;
import org.perc4j.client.media.MediaTaker;
import org.perc4j.client.media.MediaThread;
import org.perc4j.client.media.Pictures;
import org.perc4j.e2e.mls.Member;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

/**
 * Writes each source into a file of its own, another one when it has to, and a manifest that says
 * whose they are and how they fit together. Thread-safe; never blocks its caller.
 */
public final class Recorder implements MediaTaker {
  private static final int MAX_FILES = 9_999;
  private static final int MAX_SOURCES = 256;
  private static final int MAX_NAME_CHARS = 40;

  private final GStreamer gstreamer;
  private final Path folder;
  private final Function<String, @Nullable Member> members;
  private final Consumer<String> complaints;
  private final Manifest manifest;
  private final long beganNanos = System.nanoTime();
  private final MediaThread thread = new MediaThread("recording");

  // On the thread.
  private final Map<String, Track> tracks = new HashMap<>();
  private final Set<String> unwritable = new HashSet<>();
  private int files;

  /** A source. */
  private static final class Track {
    final Source source;
    final Timeline timeline;
    @Nullable RecordedFile file;

    Track(Source source) {
      this.source = source;
      this.timeline = new Timeline(source.kind().clockRate());
    }
  }

  /**
   * Begins a recording.
   *
   * @param folder made if it is not there; must not have another recording
   * @param meeting its address, for the manifest
   * @param members who somebody proved to be, by nickname
   * @param complaints is told, in a line for people, what cannot be written
   * @throws IOException if nothing can be written there
   */
  public Recorder(
      GStreamer gstreamer,
      Path folder,
      String meeting,
      Clock clock,
      Function<String, @Nullable Member> members,
      Consumer<String> complaints)
      throws IOException {
    this.gstreamer = gstreamer;
    this.folder = folder;
    this.members = members;
    this.complaints = complaints;
    this.manifest = new Manifest(folder, meeting, clock.instant());
    Path unused = Files.createDirectories(folder);
    if (Files.exists(folder.resolve("manifest.json"))) {
      throw new IOException(folder + " has a recording already");
    }
    manifest.write();
  }

  @Override
  public void sound(Source source, SoundBuffer.Piece piece) {
    byte[] opus = piece.payload();
    if (opus != null) {
      long arrival = piece.arrivalNanos() - beganNanos;
      boolean unused =
          thread.offer(() -> write(source, null, opus, true, piece.timestamp(), arrival));
    }
  }

  @Override
  @CanIgnoreReturnValue
  public boolean picture(Source source, IncomingPicture picture) {
    long now = System.nanoTime() - beganNanos;
    return thread.offer(
        () ->
            write(
                source,
                picture.codec(),
                Pictures.octets(picture.codec(), picture.layerFrames()),
                picture.isKey(),
                picture.timestamp(),
                now));
  }

  private void write(
      Source source,
      @Nullable VideoCodec codec,
      byte[] octets,
      boolean isKey,
      long timestamp,
      long arrivalNanos)
      throws MediaException {
    Track track = tracks.get(source.name());
    if (track == null) {
      if (tracks.size() >= MAX_SOURCES) {
        return;
      }
      track = new Track(source);
      tracks.put(source.name(), track);
    }
    long made = track.timeline.place(timestamp, arrivalNanos);
    RecordedFile file = track.file;
    if (file != null && !canGoOn(file, codec)) {
      file.close();
      track.file = null;
      file = null;
    }
    if (file == null) {
      if (!isKey || files >= MAX_FILES) {
        return;
      }
      try {
        file = begin(track, codec, made);
      } catch (MediaException e) {
        complainOnce(source, codec, e);
        return;
      }
      track.file = file;
    }
    file.write(octets, isKey, made);
  }

  /** H.264 and AV1 cannot change their size within a file: that ends it, with an error. */
  private boolean canGoOn(RecordedFile file, @Nullable VideoCodec codec) {
    String error = file.error();
    if (error != null) {
      complaints.accept("recording goes on in another file: " + error);
    }
    return error == null && file.codec() == codec;
  }

  /** The next key is tried all the same. */
  private void complainOnce(Source source, @Nullable VideoCodec codec, MediaException why) {
    if (unwritable.size() < MAX_SOURCES && unwritable.add(source.name() + codec)) {
      complaints.accept(
          "%s of %s cannot be recorded: %s"
              .formatted(
                  codec == null ? "sound" : Decoders.word(codec),
                  word(members.apply(source.owner())),
                  why.getMessage()));
    }
  }

  /** Names of files are made here: of others' names, only what cannot lead elsewhere. */
  private static String word(@Nullable Member member) {
    String word = member == null ? "unknown" : member.name().replaceAll("[^A-Za-z0-9_-]", "_");
    return word.substring(0, Math.min(word.length(), MAX_NAME_CHARS));
  }

  private RecordedFile begin(Track track, @Nullable VideoCodec codec, long madeNanos)
      throws MediaException {
    Member member = members.apply(track.source.owner());
    String name = "%04d-%s-%s.mkv".formatted(++files, word(member), track.source.kind().token());
    RecordedFile file = new RecordedFile(gstreamer, folder.resolve(name), codec, madeNanos);
    manifest.add(new Manifest.Entry(name, track.source, member, codec, track.timeline, madeNanos));
    writeManifest();
    return file;
  }

  private void writeManifest() {
    try {
      manifest.write();
    } catch (IOException e) {
      complaints.accept("the manifest cannot be written: " + e.getMessage());
    }
  }

  @Override
  public void gone(Source source) {
    boolean unused =
        thread.offer(
            () -> {
              Track track = tracks.remove(source.name());
              if (track != null && track.file != null) {
                track.file.close();
                writeManifest();
              }
            });
  }

  /** Ends all files. */
  @Override
  public void close() {
    thread.close();
    for (Track track : tracks.values()) {
      if (track.file != null) {
        track.file.close();
      }
    }
    writeManifest();
  }
}
