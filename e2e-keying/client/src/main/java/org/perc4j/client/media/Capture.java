/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.FileProbe;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.MediaException.Reason;
import org.perc4j.client.gstreamer.Pipeline;

/**
 * Devices or a file, recorded and encoded: Opus in packets of 20 ms, and VP8 in one to three sizes.
 * Opened by one thread, then thread-safe.
 */
public final class Capture implements Closeable {
  /** How many samples at 48 kHz a packet of sound has. */
  static final int SAMPLES_PER_PACKET = 960;

  private static final int FRAMES_PER_SECOND = 25;
  private static final long KEY_INTERVAL_NANOS = 300_000_000;

  private static final String PACED = " ! clocksync";
  private static final String SAMPLES = "audio/x-raw,format=S16LE,rate=48000,channels=1";

  private final List<Sizes.Size> sizes;
  private final List<Pipeline> pipelines;
  private final @Nullable Pipeline sound;
  private final @Nullable Pipeline pictures;
  private final long[] lastKeyNanos;
  private boolean started;

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
      List<Sizes.Size> sizes,
      List<Pipeline> pipelines,
      @Nullable Pipeline sound,
      @Nullable Pipeline pictures) {
    this.sizes = sizes;
    this.pipelines = pipelines;
    this.sound = sound;
    this.pictures = pictures;
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
    Pipeline sound = null;
    Pipeline pictures = null;
    try {
      if (devices.camera() != null) {
        pictures = camera(gstreamer, devices.camera(), sizes);
      }
      if (devices.microphone() != null) {
        sound = microphone(gstreamer, devices.microphone());
      }
      List<Pipeline> both = new ArrayList<>();
      if (sound != null) {
        both.add(sound);
      }
      if (pictures != null) {
        both.add(pictures);
      }
      return new Capture(sizes, both, sound, pictures);
    } catch (MediaException e) {
      if (pictures != null) {
        pictures.close();
      }
      throw e;
    }
  }

  private static Pipeline camera(GStreamer gstreamer, String device, List<Sizes.Size> sizes)
      throws MediaException {
    gstreamer.require("v4l2src");
    Pipeline pipeline =
        Pipeline.launch(gstreamer, "v4l2src name=camera ! decodebin" + pictures("", sizes));
    try {
      pipeline.set("camera", "device", device);
      pipeline.open();
      return pipeline;
    } catch (MediaException e) {
      pipeline.close();
      throw new MediaException(
          Reason.NO_CAMERA,
          "there is no camera at %s (%s); --no-video goes without one"
              .formatted(device, e.getMessage()),
          e);
    }
  }

  /** PulseAudio's, or PipeWire's in its place; else ALSA's. */
  private static Pipeline microphone(GStreamer gstreamer, String device) throws MediaException {
    MediaException first = null;
    for (String source : List.of("pulsesrc", "alsasrc")) {
      if (!gstreamer.has(source)) {
        continue;
      }
      Pipeline pipeline = Pipeline.launch(gstreamer, source + " name=microphone" + sound(""));
      try {
        if (!device.isEmpty()) {
          pipeline.set("microphone", "device", device);
        }
        pipeline.open();
        return pipeline;
      } catch (MediaException e) {
        pipeline.close();
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
    Pipeline pipeline = Pipeline.launch(gstreamer, description.toString());
    pipeline.set("file", "location", file.path().toAbsolutePath().toString());
    return new Capture(
        sizes,
        List.of(pipeline),
        file.sound() ? pipeline : null,
        file.pictures() ? pipeline : null);
  }

  private static Capture ofTestMedia(
      GStreamer gstreamer, Input.TestMedia media, List<Sizes.Size> sizes) throws MediaException {
    List<String> parts = new ArrayList<>();
    if (media.pictures()) {
      parts.add("videotestsrc name=pattern is-live=true" + pictures("", sizes));
    }
    if (media.sound()) {
      parts.add("audiotestsrc is-live=true wave=ticks volume=0.5" + sound(""));
    }
    Pipeline pipeline = Pipeline.launch(gstreamer, String.join(" ", parts));
    if (media.pictures()) {
      pipeline.set("pattern", "pattern", media.pattern());
    }
    return new Capture(
        sizes,
        List.of(pipeline),
        media.sound() ? pipeline : null,
        media.pictures() ? pipeline : null);
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
   * Begins to record; once.
   *
   * @throws MediaException if it does not begin
   */
  public synchronized void start(Taker taker) throws MediaException {
    if (started) {
      return;
    }
    started = true;
    if (sound != null) {
      SoundMeter meter = new SoundMeter();
      sound.pull("samplesout", frame -> meter.add(frame.octets()));
      sound.pull(
          "sound",
          frame ->
              taker.sound(
                  frame.octets(), frame.ptsNanos(), meter.levelMinusDbov(), meter.isVoice()));
    }
    if (pictures != null) {
      for (int i = 0; i < sizes.size(); i++) {
        int encoding = i;
        pictures.pull(
            "encoded" + i, frame -> taker.picture(encoding, frame.octets(), frame.ptsNanos()));
      }
    }
    for (Pipeline pipeline : pipelines) {
      pipeline.start();
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
      pictures.forceKey("encoder" + encoding);
    }
  }

  /** Says what the network carries of pictures. */
  public void setRate(long bitsPerSecond) {
    if (pictures != null) {
      int[] shares = Sizes.share(sizes, bitsPerSecond);
      for (int i = 0; i < shares.length; i++) {
        pictures.set("encoder" + i, "target-bitrate", Integer.toString(shares[i]));
      }
    }
  }

  /** Returns what went wrong since it was asked last, a line for people, or null. */
  public @Nullable String error() {
    for (Pipeline pipeline : pipelines) {
      String error = pipeline.error();
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  /** Whether a file came to its end; said once. */
  public boolean hasEnded() {
    boolean ended = false;
    for (Pipeline pipeline : pipelines) {
      ended |= pipeline.hasEnded();
    }
    return ended;
  }

  @Override
  public void close() {
    pipelines.forEach(Pipeline::close);
  }
}
