/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.media.VideoCodec;

/** The sizes in which pictures are sent, lowest first, each by an encoder of its own. */
public final class Sizes {
  /** The lowest height. */
  public static final int SMALLEST = 180;

  /** The highest height. */
  public static final int LARGEST = 720;

  private static final List<Size> ALL =
      List.of(
          new Size(320, 180, 90_000, 250_000),
          new Size(640, 360, 260_000, 700_000),
          new Size(1280, 720, 800_000, 2_200_000));

  /**
   * A size.
   *
   * @param width in pixels
   * @param height in pixels
   * @param leastBps with less it is not worth sending
   * @param mostBps with more it looks no better
   */
  record Size(int width, int height, int leastBps, int mostBps) {}

  private Sizes() {}

  /** Returns the sizes up to a height. */
  static List<Size> upTo(int height) {
    return ALL.stream().filter(size -> size.height() <= Math.max(SMALLEST, height)).toList();
  }

  /** Returns what is to be signalled for sizes up to a height. */
  public static VideoFormat format(int height) {
    return new VideoFormat(
        VideoCodec.VP8,
        upTo(height).stream()
            .map(size -> new VideoFormat.Layer(size.width(), size.height(), size.leastBps()))
            .toList(),
        1);
  }

  /**
   * Shares what the network carries: those that are worth it get what they need at least, from the
   * lowest on, and then in proportion more.
   *
   * @param availableBps for all pictures
   * @return for each encoder; what is left out has what it needs at least, as nobody sees it
   */
  static int[] share(List<Size> sizes, long availableBps) {
    List<Size> sent = new ArrayList<>();
    long least = 0;
    for (Size size : sizes) {
      if (least + size.leastBps() <= availableBps || sent.isEmpty()) {
        sent.add(size);
        least += size.leastBps();
      } else {
        break;
      }
    }
    double factor = Math.max(1, (double) availableBps / least);
    int[] shares = new int[sizes.size()];
    for (int i = 0; i < shares.length; i++) {
      Size size = sizes.get(i);
      shares[i] =
          i < sent.size()
              ? (int) Math.min(size.mostBps(), size.leastBps() * factor)
              : size.leastBps();
    }
    return shares;
  }
}
