/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Somebody that a relay sends to, and the channel for it. Thread-safe. */
final class TurnPeer {
  /** ICE repeats its checks: a few are enough. */
  private static final int MAX_WAITING = 4;

  private enum State {
    ASKED,
    BOUND,
    REFUSED
  }

  private final InetSocketAddress address;
  private final int number;
  private final List<byte[]> waiting = new ArrayList<>();
  private State state = State.ASKED;

  TurnPeer(InetSocketAddress address, int number) {
    this.address = address;
    this.number = number;
  }

  InetSocketAddress address() {
    return address;
  }

  /** Returns the channel's number. */
  int number() {
    return number;
  }

  synchronized boolean isBound() {
    return state == State.BOUND;
  }

  /** Whether data can be sent at once; else they wait if there is place, or are lost. */
  synchronized boolean takes(byte[] data, int offset, int length) {
    if (state == State.ASKED && waiting.size() < MAX_WAITING) {
      waiting.add(Arrays.copyOfRange(data, offset, offset + length));
    }
    return state == State.BOUND;
  }

  /** There is a channel; returns what waited. */
  synchronized List<byte[]> bound() {
    state = State.BOUND;
    List<byte[]> waited = List.copyOf(waiting);
    waiting.clear();
    return waited;
  }

  /** There is none, and there will be none. */
  synchronized void refused() {
    state = State.REFUSED;
    waiting.clear();
  }
}
