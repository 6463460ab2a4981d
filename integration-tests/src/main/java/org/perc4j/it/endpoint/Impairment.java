/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A bad network in one direction, the same for the same seed and packets. Not thread-safe. */
public final class Impairment {
  private static final int MAX_DELAY_PACKETS = 4;

  private static final class Delayed {
    final byte[] packet;
    int packetsToGo;

    Delayed(byte[] packet, int packetsToGo) {
      this.packet = packet;
      this.packetsToGo = packetsToGo;
    }
  }

  private final Random random;
  private final double loss;
  private final double reordering;
  private final double duplication;
  private final List<Delayed> delayed = new ArrayList<>();
  private Consumer<byte[]> lossListener = packet -> {};
  private long lost;
  private long reordered;
  private long duplicated;

  /**
   * A network.
   *
   * @param loss probability that a packet is lost
   * @param reordering probability that it comes behind up to four later ones
   * @param duplication probability that it comes twice
   */
  public Impairment(long seed, double loss, double reordering, double duplication) {
    this.random = new Random(seed);
    this.loss = loss;
    this.reordering = reordering;
    this.duplication = duplication;
  }

  /** A network that does no harm. */
  public static Impairment none() {
    return new Impairment(0, 0, 0, 0);
  }

  /** The same network, which tells somebody of each packet that it loses; set up before use. */
  @CanIgnoreReturnValue
  public Impairment onLoss(Consumer<byte[]> listener) {
    lossListener = listener;
    return this;
  }

  /** Passes a packet on, now, later, twice or never; the octets are this object's from here on. */
  void apply(byte[] packet, Consumer<byte[]> next) {
    List<byte[]> due = new ArrayList<>();
    if (random.nextDouble() < loss) {
      lost++;
      lossListener.accept(packet);
    } else if (random.nextDouble() < reordering) {
      reordered++;
      delayed.add(new Delayed(packet, 1 + random.nextInt(MAX_DELAY_PACKETS)));
    } else {
      due.add(packet);
      if (random.nextDouble() < duplication) {
        duplicated++;
        due.add(packet.clone());
      }
    }
    Iterator<Delayed> waiting = delayed.iterator();
    while (waiting.hasNext()) {
      Delayed one = waiting.next();
      if (--one.packetsToGo < 0) {
        waiting.remove();
        due.add(one.packet);
      }
    }
    due.forEach(next);
  }

  /** Says what was done so far. */
  @Override
  public String toString() {
    return lost + " lost, " + reordered + " reordered, " + duplicated + " duplicated";
  }
}
