/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.links;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/**
 * What somebody who decodes a sender's video at once sees of it: a layer frame as soon as all of it
 * is there, and all that it is predicted from, unless a later picture was shown before. Immutable.
 */
final class ShownVideo {
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * A layer frame that is shown.
   *
   * @param size 0 is the smallest
   */
  private record Shown(long nanos, long picture, int size) {}

  private record Place(int encoding, long picture, int spatialId) {}

  /** A layer frame of the sender's. */
  private static final class Frame {
    final LayerFrame frame;
    int missing;
    long completeNanos;
    long shownNanos = NEVER;

    Frame(LayerFrame frame) {
      this.frame = frame;
    }
  }

  private final List<Shown> shown = new ArrayList<>();

  /**
   * Compares what came with what was sent.
   *
   * @param encodings of which it was sent
   */
  ShownVideo(List<LayeredClip> encodings, SentStream sent, List<ReceivedStream.Arrival> arrivals) {
    Map<Place, Frame> frames = new HashMap<>();
    List<Place> places = new ArrayList<>();
    for (SentStream.Packet packet : sent.packets()) {
      LayerFrame frame = packet.frame();
      if (frame != null) {
        Place place = new Place(packet.encoding(), packet.picture(), frame.spatialId());
        frames.computeIfAbsent(
                place,
                unused -> {
                  places.add(place);
                  return new Frame(frame);
                })
            .missing++;
      }
    }
    Set<SentStream.Packet> came = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ReceivedStream.Arrival arrival : arrivals) {
      SentStream.Packet packet = arrival.payload().length == 0 ? null : sent.find(arrival);
      if (packet != null && packet.frame() != null && came.add(packet)) {
        Frame frame =
            frames.get(new Place(packet.encoding(), packet.picture(), packet.frame().spatialId()));
        if (frame != null) {
          frame.missing--;
          frame.completeNanos = Math.max(frame.completeNanos, arrival.nanos());
        }
      }
    }
    // Each is sent behind those that it is predicted from.
    List<Shown> all = new ArrayList<>();
    for (Place place : places) {
      Frame frame = frames.get(place);
      if (frame != null && frame.missing == 0) {
        frame.shownNanos = shownNanos(frames, place, frame, encodings.get(place.encoding()));
        if (frame.shownNanos != NEVER) {
          int size = encodings.size() > 1 ? place.encoding() : place.spatialId();
          all.add(new Shown(frame.shownNanos, place.picture(), size));
        }
      }
    }
    all.sort(Comparator.comparingLong(Shown::nanos));
    long latest = -1;
    for (Shown one : all) {
      if (one.picture() >= latest) {
        latest = one.picture();
        shown.add(one);
      }
    }
  }

  private static long shownNanos(
      Map<Place, Frame> frames, Place place, Frame frame, LayeredClip clip) {
    long nanos = frame.completeNanos;
    for (int number : frame.frame.references()) {
      LayerFrame reference = clip.frames().get(number);
      long picture = place.picture() - frame.frame.picture() + reference.picture();
      Frame needed = frames.get(new Place(place.encoding(), picture, reference.spatialId()));
      nanos = needed == null ? NEVER : Math.max(nanos, needed.shownNanos);
    }
    return nanos;
  }

  /** Returns when a picture of at least a size is shown for the first time, or {@code NaN}. */
  double secondsTo(int size, long fromNanos, long untilNanos) {
    for (Shown one : shown) {
      if (one.size() >= size && one.nanos() >= fromNanos && one.nanos() < untilNanos) {
        return (one.nanos() - fromNanos) / 1e9;
      }
    }
    return Double.NaN;
  }

  /**
   * Returns for how long a picture was shown for longer than a limit, from a time on which counts
   * as if one was shown then, and until one which counts as if the next one was.
   */
  double frozenSeconds(long limitNanos, long fromNanos, long untilNanos) {
    long frozen = 0;
    long last = fromNanos;
    long picture = -1;
    for (Shown one : shown) {
      if (one.nanos() >= fromNanos && one.nanos() < untilNanos && one.picture() > picture) {
        frozen += one.nanos() - last > limitNanos ? one.nanos() - last : 0;
        last = one.nanos();
        picture = one.picture();
      }
    }
    frozen += untilNanos - last > limitNanos ? untilNanos - last : 0;
    return frozen / 1e9;
  }

  /** Returns the largest size that was shown in some time, -1 if nothing was. */
  int largest(long fromNanos, long untilNanos) {
    return shown.stream()
        .filter(one -> one.nanos() >= fromNanos && one.nanos() < untilNanos)
        .mapToInt(Shown::size)
        .max()
        .orElse(-1);
  }
}
