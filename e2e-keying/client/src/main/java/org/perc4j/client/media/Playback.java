/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

/**
 * Decodes all that comes of a call, lets it be heard, and hands pictures to whoever shows them.
 * Thread-safe; never blocks its caller.
 */
public final class Playback implements MediaTaker {
  private static final int MAX_SOURCES = 256;

  private final GStreamer gstreamer;
  private final Loudspeaker loudspeaker;
  private final @Nullable PictureTaker taker;
  private final Listener listener;
  private final Tally tally;
  private final MediaThread thread = new MediaThread("playback");

  // On the thread.
  private final Map<String, Voice> voices = new HashMap<>();
  private final Map<String, Screening> screenings = new HashMap<>();

  private final Set<String> cannotBeShown = new HashSet<>();

  /** Of what codec somebody's pictures are that cannot be decoded. */
  private final Map<String, VideoCodec> undecodable = new HashMap<>();

  /** Whose pictures are left out, as one before was, or could not be decoded; until a key. */
  private final Set<String> left = new HashSet<>();

  /** Hears what cannot be played, on a thread that it must not block. */
  public interface Listener {
    /**
     * This machine can decode a source's pictures, or cannot; said when that changes.
     *
     * @param codec that it has no decoder for, or null if all is well again
     */
    void undecodable(Source source, @Nullable VideoCodec codec);

    /** Something else went wrong, in a line for people. */
    void trouble(String line);
  }

  /**
   * Opens the sound device, if there is one.
   *
   * @param tally counts what is decoded
   * @param taker shows pictures; null if they are only decoded
   * @param listener is told what cannot be played
   */
  public Playback(GStreamer gstreamer, Tally tally, @Nullable PictureTaker taker, Listener listener)
      throws MediaException {
    this.gstreamer = gstreamer;
    this.tally = tally;
    this.loudspeaker = Loudspeaker.open(gstreamer);
    this.taker = taker;
    this.listener = listener;
  }

  /** Whether there is a sound device. */
  public boolean isHeard() {
    return loudspeaker.isHeard();
  }

  /** Plays a piece of sound. */
  @Override
  public void sound(Source source, SoundBuffer.Piece piece) {
    boolean unused =
        thread.offer(
            () -> {
              Voice voice = voices.get(source.name());
              if (voice == null) {
                if (voices.size() >= MAX_SOURCES) {
                  return;
                }
                voice = loudspeaker.voice(source.owner(), tally);
                voices.put(source.name(), voice);
              }
              byte[] opus = piece.payload();
              if (opus == null) {
                voice.conceal(piece.samples());
              } else {
                voice.play(opus);
              }
            });
  }

  /** Shows a picture. */
  @Override
  @CanIgnoreReturnValue
  public boolean picture(Source source, IncomingPicture picture) {
    synchronized (left) {
      if (picture.isKey()) {
        boolean unused = left.remove(source.name());
      } else if (left.contains(source.name())) {
        return false;
      }
    }
    boolean taken = thread.offer(() -> show(source, picture));
    if (!taken) {
      leaveOut(source);
    }
    return taken;
  }

  /** Until the next key. */
  private void leaveOut(Source source) {
    synchronized (left) {
      boolean unused = left.size() < MAX_SOURCES && left.add(source.name());
    }
  }

  private void show(Source source, IncomingPicture picture) {
    VideoCodec codec = picture.codec();
    Screening screening = screenings.get(source.name());
    if (screening != null && (screening.codec() != codec || failed(screening))) {
      screening.close();
      Object unused = screenings.remove(source.name());
      screening = null;
      if (!picture.isKey()) {
        leaveOut(source);
      }
    }
    if (screening == null) {
      if (!picture.isKey() || screenings.size() >= MAX_SOURCES) {
        return;
      }
      screening = screening(source, codec);
      if (screening == null) {
        return;
      }
      screenings.put(source.name(), screening);
    }
    screening.show(picture.layerFrames(), picture.isKey());
  }

  /** Opens it, or says once why there is none. */
  private @Nullable Screening screening(Source source, VideoCodec codec) {
    String decoder = Decoders.description(gstreamer, codec);
    if (decoder == null) {
      if (undecodable.size() < MAX_SOURCES && undecodable.put(source.name(), codec) != codec) {
        listener.undecodable(source, codec);
        if (taker != null) {
          taker.gone(source);
        }
      }
      return null;
    }
    if (undecodable.remove(source.name()) != null) {
      listener.undecodable(source, null);
    }
    try {
      return new Screening(gstreamer, source, codec, decoder, tally, taker);
    } catch (MediaException e) {
      if (cannotBeShown.size() < MAX_SOURCES && cannotBeShown.add(source.name() + codec)) {
        listener.trouble("pictures cannot be shown: " + e.getMessage());
      }
      return null;
    }
  }

  private boolean failed(Screening screening) {
    String error = screening.error();
    if (error != null) {
      listener.trouble("pictures begin anew: " + error);
    }
    return error != null;
  }

  /** Forgets a source that is not there any more. */
  @Override
  public void gone(Source source) {
    boolean unused =
        thread.offer(
            () -> {
              Voice voice = voices.remove(source.name());
              if (voice != null) {
                voice.close();
              }
              Screening screening = screenings.remove(source.name());
              if (screening != null) {
                screening.close();
              }
              if (undecodable.remove(source.name()) != null) {
                listener.undecodable(source, null);
              }
              if (taker != null) {
                taker.gone(source);
              }
            });
  }

  @Override
  public void close() {
    thread.close();
    screenings.values().forEach(Screening::close);
    loudspeaker.close();
  }
}
