/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.srtp.EpochKeyring;

/**
 * Tells when what is sent has gone over to the keys of a newer epoch, whether or not anything is
 * sent. Belongs to one event loop.
 */
final class SendingWatch {
  private final EventLoop loop;
  private final EpochKeyring keyring;
  private final Duration senderDelay;
  private final Consumer<GroupMoment> listener;

  /** Those that were not gone over to yet, oldest first. */
  private final Deque<Installed> ahead = new ArrayDeque<>();

  /**
   * An epoch whose keys the keyring has.
   *
   * @param number by which the keyring knows it
   */
  private record Installed(int number, GroupMoment moment) {}

  SendingWatch(
      EventLoop loop, EpochKeyring keyring, Duration senderDelay, Consumer<GroupMoment> listener) {
    this.loop = loop;
    this.keyring = keyring;
    this.senderDelay = senderDelay;
    this.listener = listener;
  }

  /** The keyring has the keys of a new epoch. */
  void installed(GroupMoment moment) {
    ahead.addLast(new Installed(keyring.newestEpoch(), moment));
    look();
    if (!ahead.isEmpty()) {
      EventLoop.Timer unused = loop.schedule(senderDelay, this::look);
    }
  }

  private void look() {
    int sending = keyring.sendingEpoch();
    GroupMoment reached = null;
    while (!ahead.isEmpty() && ahead.getFirst().number() <= sending) {
      reached = ahead.removeFirst().moment();
    }
    tell(reached);
  }

  private void tell(@Nullable GroupMoment reached) {
    if (reached != null) {
      listener.accept(reached);
    }
  }
}
