/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.FileProbe;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.MediaException.Reason;
import org.perc4j.client.gstreamer.Pipeline;
import org.perc4j.endpoint.media.MediaKind;

/**
 * Devices or a file, recorded and encoded: Opus in packets of 20 ms, and VP8 in one to three sizes.
 * Sound and pictures begin and end separately; a device is open only while it is recorded. What is
 * in a file goes on once it began. Opened by one thread, then thread-safe.
 */
public final class Capture implements Closeable {
  /** How many samples at 48 kHz a packet of sound has. */
  static final int SAMPLES_PER_PACKET = 960;

  private static final int FRAMES_PER_SECOND = 25;
  private static final long KEY_INTERVAL_NANOS = 300_000_000;

  private static final String PACED = " ! clocksync";
  private static final String SAMPLES = "audio/x-raw,format=S16LE,rate=48000,channels=1";

  private final Input input;
  private final List<Sizes.Size> sizes;

  /** The same for both, if that is a file. */
  private final @Nullable Recording sound;

  private final @Nullable Recording pictures;
  private final List<Recording> recordings;
  private final long[] lastKeyNanos;
  private final AtomicLong rateBps = new AtomicLong();

  /** When the first of them began; set once. */
  private @Nullable Long originNanos;

  /** Takes what was encoded, sound on one thread, each encoding of pictures on another. */
  public interface Taker {
    /**
     * A packet of sound.
     *
     * @param opus of 20 ms
     * @param ptsNanos when it was recorded
     * @param levelMinusDbov how loud it is, 0 (loudest) to 127
     * @param voice whether there may be voice in it
     */
    void sound(byte[] opus, long ptsNanos, int levelMinusDbov, boolean voice);

    /**
     * A picture.
     *
     * @param encoding 0 the smallest
     * @param vp8 one frame
     * @param ptsNanos when it was recorded, the same for all encodings
     */
    void picture(int encoding, byte[] vp8, long ptsNanos);
  }

  private Capture(
      Input input,
      List<Sizes.Size> sizes,
      @Nullable Recording sound,
      @Nullable Recording pictures) {
    this.input = input;
    this.sizes = sizes;
    this.sound = sound;
    this.pictures = pictures;
    this.recordings = Stream.of(sound, pictures).flatMap(Stream::ofNullable).distinct().toList();
    this.lastKeyNanos = new long[sizes.size()];
    for (int i = 0; i < lastKeyNanos.length; i++) {
      lastKeyNanos[i] = System.nanoTime() - KEY_INTERVAL_NANOS;
    }
  }

  // ---------------------------------------------------------------- opening

  /**
   * Opens devices or a file. Nothing is recorded yet; a camera's light may go on for a moment.
   *
   * @param maxHeight of the largest size of pictures, in pixels
   * @throws MediaException if something is not there or cannot be used
   */
  public static Capture open(GStreamer gstreamer, Input input, int maxHeight)
      throws MediaException {
    List<Sizes.Size> sizes = input.hasPictures() ? Sizes.upTo(maxHeight) : List.of();
    gstreamer.require("opusenc", "vp8enc", "audioresample", "videoscale", "appsink");
    if (input instanceof Input.Devices devices) {
      return ofDevices(gstreamer, devices, sizes);
    }
    if (input instanceof Input.MediaFile file) {
      return ofFile(gstreamer, file, sizes);
    }
    return ofTestMedia(gstreamer, (Input.TestMedia) input, sizes);
  }

  private static Capture ofDevices(
      GStreamer gstreamer, Input.Devices devices, List<Sizes.Size> sizes) throws MediaException {
    return new Capture(
        devices,
        sizes,
        devices.microphone() == null ? null : microphone(gstreamer, devices.microphone()),
        devices.camera() == null ? null : camera(gstreamer, devices.camera(), sizes));
  }

  private static Recording camera(GStreamer gstreamer, String device, List<Sizes.Size> sizes)
      throws MediaException {
    gstreamer.require("v4l2src");
    Recording recording =
        new Recording(
            gstreamer,
            "v4l2src name=camera ! decodebin" + pictures("", sizes),
            pipeline -> pipeline.set("camera", "device", device));
    try {
      recording.check();
      return recording;
    } catch (MediaException e) {
      throw new MediaException(
          Reason.NO_CAMERA,
          "there is no camera at %s (%s); --no-video goes without one"
              .formatted(device, e.getMessage()),
          e);
    }
  }

  /** PulseAudio's, or PipeWire's in its place; else ALSA's. */
  private static Recording microphone(GStreamer gstreamer, String device) throws MediaException {
    MediaException first = null;
    for (String source : List.of("pulsesrc", "alsasrc")) {
      if (!gstreamer.has(source)) {
        continue;
      }
      Recording recording =
          new Recording(
              gstreamer,
              source + " name=microphone" + sound(""),
              pipeline -> {
                if (!device.isEmpty()) {
                  pipeline.set("microphone", "device", device);
                }
              });
      try {
        recording.check();
        return recording;
      } catch (MediaException e) {
        first = first == null ? e : first;
      }
    }
    throw new MediaException(
        Reason.NO_MICROPHONE,
        "there is no microphone%s%s"
            .formatted(
                device.isEmpty() ? "" : " " + device,
                first == null ? "" : " (" + first.getMessage() + ")"));
  }

  private static Capture ofFile(GStreamer gstreamer, Input.MediaFile file, List<Sizes.Size> sizes)
      throws MediaException {
    gstreamer.require("decodebin", "clocksync");
    StringBuilder description = new StringBuilder("filesrc name=file ! decodebin name=decoded");
    if (file.pictures()) {
      description.append(" decoded.").append(pictures(PACED, sizes));
    }
    if (file.sound()) {
      description.append(" decoded.").append(sound(PACED));
    }
    Recording recording =
        new Recording(
            gstreamer,
            description.toString(),
            pipeline -> pipeline.set("file", "location", file.path().toAbsolutePath().toString()));
    return new Capture(
        file, sizes, file.sound() ? recording : null, file.pictures() ? recording : null);
  }

  private static Capture ofTestMedia(
      GStreamer gstreamer, Input.TestMedia media, List<Sizes.Size> sizes) {
    return new Capture(
        media,
        sizes,
        media.sound()
            ? new Recording(
                gstreamer,
                "audiotestsrc is-live=true wave=ticks volume=0.5" + sound(""),
                pipeline -> {})
            : null,
        media.pictures()
            ? new Recording(
                gstreamer,
                "videotestsrc name=pattern is-live=true" + pictures("", sizes),
                pipeline -> pipeline.set("pattern", "pattern", media.pattern()))
            : null);
  }

  /**
   * Looks into a file.
   *
   * @param sound whether its sound is wanted
   * @param pictures whether its pictures are wanted
   * @return what of it can be sent
   * @throws MediaException if that is nothing
   */
  public static Input.MediaFile file(
      GStreamer gstreamer, Path path, boolean sound, boolean pictures) throws MediaException {
    FileProbe probe = FileProbe.of(gstreamer, path);
    Input.MediaFile file =
        new Input.MediaFile(path, probe.sound() && sound, probe.pictures() && pictures);
    if (!file.sound() && !file.pictures()) {
      throw new MediaException(Reason.FILE, path + " has nothing of what is to be sent");
    }
    return file;
  }

  // ---------------------------------------------------------------- descriptions

  private static String pictures(String pace, List<Sizes.Size> sizes) {
    StringBuilder description = new StringBuilder();
    description
        .append(" ! queue max-size-buffers=3 ! videoconvert ! videoscale ! videorate")
        .append(" ! video/x-raw,format=I420,framerate=%d/1".formatted(FRAMES_PER_SECOND))
        .append(pace)
        .append(" ! tee name=pictures");
    for (int i = 0; i < sizes.size(); i++) {
      Sizes.Size size = sizes.get(i);
      // A queue that is full drops what is not encoded yet: dropping later would break the stream.
      description.append(
          """
           pictures. ! queue max-size-buffers=2 leaky=downstream \
          ! videoscale add-borders=true \
          ! video/x-raw,width=%d,height=%d,pixel-aspect-ratio=1/1 \
          ! vp8enc name=encoder%d deadline=1 cpu-used=8 end-usage=cbr lag-in-frames=0 threads=1 \
          keyframe-max-dist=10000 error-resilient=partitions target-bitrate=%d min-quantizer=4 \
          ! appsink name=encoded%d sync=false async=false max-buffers=60"""
              .formatted(size.width(), size.height(), i, size.leastBps(), i));
    }
    return description.toString();
  }

  private static String sound(String pace) {
    return (" ! queue ! audioconvert ! audioresample ! "
            + SAMPLES
            + pace
            + " ! tee name=samples samples. ! queue")
        + " ! opusenc frame-size=20 audio-type=voice bitrate=32000"
        + " ! appsink name=sound sync=false async=false max-buffers=50"
        + " samples. ! queue leaky=downstream"
        + " ! appsink name=samplesout sync=false async=false max-buffers=50 drop=true";
  }

  // ---------------------------------------------------------------- while it runs

  /** Whether there is sound. */
  public boolean hasSound() {
    return sound != null;
  }

  /** Whether there are pictures. */
  public boolean hasPictures() {
    return pictures != null;
  }

  /**
   * Begins to record a kind, if it is not recorded, with a key. Both are in one file: then both
   * begin.
   *
   * @throws MediaException if it does not begin
   */
  public void begin(MediaKind kind, Taker taker) throws MediaException {
    Recording recording = kind == MediaKind.AUDIO ? sound : pictures;
    if (recording == null) {
      return;
    }
    recording.begin(
        (pipeline, sinceNanos) -> {
          if (recording == sound) {
            connectSound(pipeline, sinceNanos, taker);
          }
          if (recording == pictures) {
            connectPictures(pipeline, sinceNanos, taker);
          }
        },
        origin());
  }

  private synchronized long origin() {
    Long known = originNanos;
    if (known == null) {
      known = System.nanoTime();
      originNanos = known;
    }
    return known;
  }

  private static void connectSound(Pipeline pipeline, long sinceNanos, Taker taker) {
    SoundMeter meter = new SoundMeter();
    pipeline.pull("samplesout", frame -> meter.add(frame.octets()));
    Recording.pull(
        pipeline,
        "sound",
        sinceNanos,
        frame ->
            taker.sound(frame.octets(), frame.ptsNanos(), meter.levelMinusDbov(), meter.isVoice()));
  }

  private void connectPictures(Pipeline pipeline, long sinceNanos, Taker taker) {
    for (int i = 0; i < sizes.size(); i++) {
      int encoding = i;
      Recording.pull(
          pipeline,
          "encoded" + i,
          sinceNanos,
          frame -> taker.picture(encoding, frame.octets(), frame.ptsNanos()));
    }
    setRates(pipeline);
  }

  /** Records a kind no more, and closes its device; what is in a file goes on. */
  public void end(MediaKind kind) {
    Recording recording = kind == MediaKind.AUDIO ? sound : pictures;
    if (recording != null && !(input instanceof Input.MediaFile)) {
      recording.end();
    }
  }

  /** Has a size begin anew; not more often than receivers can ask for something else. */
  public void forceKey(int encoding) {
    if (pictures != null && encoding < sizes.size()) {
      synchronized (lastKeyNanos) {
        long now = System.nanoTime();
        if (now - lastKeyNanos[encoding] < KEY_INTERVAL_NANOS) {
          return;
        }
        lastKeyNanos[encoding] = now;
      }
      pictures.whileOn(pipeline -> pipeline.forceKey("encoder" + encoding));
    }
  }

  /** Says what the network carries of pictures. */
  public void setRate(long bitsPerSecond) {
    rateBps.set(bitsPerSecond);
    if (pictures != null) {
      pictures.whileOn(this::setRates);
    }
  }

  private void setRates(Pipeline pipeline) {
    int[] shares = Sizes.share(sizes, rateBps.get());
    for (int i = 0; i < shares.length; i++) {
      pipeline.set("encoder" + i, "target-bitrate", Integer.toString(shares[i]));
    }
  }

  /** Returns what went wrong since it was asked last, a line for people, or null. */
  public @Nullable String error() {
    for (Recording recording : recordings) {
      String error = recording.error();
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  /** Whether a file came to its end; said once. */
  public boolean hasEnded() {
    boolean ended = false;
    for (Recording recording : recordings) {
      ended |= recording.hasEnded();
    }
    return ended;
  }

  @Override
  public void close() {
    recordings.forEach(Recording::close);
  }
}
