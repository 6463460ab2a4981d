/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.activity.ActivityShaper;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp8Payload;
import org.perc4j.endpoint.rtp.MediaEngine;
import org.perc4j.endpoint.rtp.MediaSender;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;

/** The own sources, their streams, and the engine that sends them. */
final class OutgoingMedia {
  private static final int MAX_PAYLOAD_BYTES = 1100;

  /** Speech with all that is around it; it is of one size. */
  private static final double SPEECH_BPS = 64_000;

  private final SecureRandom random;
  private final List<Source> sources;
  private final MediaEngine engine;
  private final @Nullable OutgoingSound sound;
  private final @Nullable OutgoingVideo video;

  /**
   * Makes what the options name.
   *
   * @param announced sources of others
   * @param keyWanted is told of each layer of the own pictures that needs a key, on the thread of
   *     the media
   */
  OutgoingMedia(
      String nickname,
      JoinOptions options,
      AnnouncedSources announced,
      IntConsumer keyWanted,
      MediaEngine.Listener listener,
      SecureRandom random) {
    this.random = random;
    Source audioSource =
        options.sending().audio()
            ? new Source(nickname, nickname + "-a0", MediaKind.AUDIO, random.nextInt(), 0)
            : null;
    VideoFormat format = options.sending().video();
    Source videoSource = format == null ? null : videoSource(nickname, format);
    VideoLadder ladder = format == null ? null : new VideoLadder(format, keyWanted);
    AtomicReference<@Nullable StreamSender> padding = new AtomicReference<>();
    engine =
        new MediaEngine(
            nickname,
            true,
            announced,
            MediaSender.adaptive(ladder, audioSource == null ? 0 : SPEECH_BPS, padding::get),
            random.nextInt(),
            System::nanoTime,
            Clock.systemUTC(),
            listener);
    List<Source> all = new ArrayList<>();
    OutgoingSound outgoingSound = null;
    if (audioSource != null) {
      all.add(audioSource);
      outgoingSound =
          new OutgoingSound(
              engine,
              stream(audioSource.encodings().get(0), PayloadTypes.OPUS, 0, random.nextInt()),
              new ActivityShaper(options.sending().activity(), random));
    }
    OutgoingVideo outgoingVideo = null;
    if (videoSource != null && format != null && ladder != null) {
      all.add(videoSource);
      VideoCodec codec = format.codec();
      int timestamp = random.nextInt();
      List<PictureSender> senders = new ArrayList<>();
      for (Source.Encoding encoding : videoSource.encodings()) {
        StreamSender stream =
            stream(encoding, PayloadTypes.of(codec), PayloadTypes.repairOf(codec), timestamp);
        boolean unused = padding.compareAndSet(null, stream);
        senders.add(
            new PictureSender(
                engine,
                stream,
                format,
                format.packetizer(random.nextInt(Vp8Payload.PICTURE_IDS), MAX_PAYLOAD_BYTES)));
      }
      outgoingVideo = new OutgoingVideo(engine, format, ladder, senders);
    }
    sources = List.copyOf(all);
    sound = outgoingSound;
    video = outgoingVideo;
  }

  private Source videoSource(String nickname, VideoFormat format) {
    List<Source.Encoding> encodings = new ArrayList<>();
    for (int i = 0; i < format.encodings(); i++) {
      encodings.add(new Source.Encoding(random.nextInt(), random.nextInt()));
    }
    return new Source(nickname, nickname + "-v0", MediaKind.VIDEO, encodings);
  }

  private StreamSender stream(
      Source.Encoding encoding, int payloadType, int rtxPayloadType, int timestamp) {
    StreamSender stream =
        new StreamSender(
            encoding,
            payloadType,
            rtxPayloadType,
            random.nextInt(1 << 15),
            timestamp,
            engine::hopExtensions);
    engine.addStream(stream);
    return stream;
  }

  /** Returns the own sources. */
  List<Source> sources() {
    return sources;
  }

  MediaEngine engine() {
    return engine;
  }

  @Nullable OutgoingSound sound() {
    return sound;
  }

  @Nullable OutgoingVideo video() {
    return video;
  }
}
