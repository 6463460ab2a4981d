/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.VerificationCode;
import org.perc4j.e2e.protocol.EventLoop;

/**
 * Makes the codes of epochs, which takes long, off the event loop: one at a time, and of several
 * epochs that wait only the newest one's. Its methods are called on the event loop, except {@link
 * #stop}.
 */
final class CodeMaker {
  private static final Logger LOGGER = Logger.getLogger(CodeMaker.class.getName());

  private static final long IDLE_SECONDS = 10;

  private final EventLoop loop;
  private final Executor executor;
  private final BiConsumer<GroupMoment, VerificationCode> listener;
  private boolean making;

  /** Of which epoch a code is wanted that was not told yet. */
  private volatile @Nullable Wanted wanted;

  private volatile boolean stopped;

  private static final class Wanted {
    final GroupMoment moment;
    final byte[] authenticator;

    Wanted(GroupMoment moment, byte[] authenticator) {
      this.moment = moment;
      this.authenticator = authenticator;
    }
  }

  /**
   * A maker of codes.
   *
   * @param executor for tasks of some tens of milliseconds
   * @param listener is told each code on the event loop, if its epoch is still the newest
   */
  CodeMaker(EventLoop loop, Executor executor, BiConsumer<GroupMoment, VerificationCode> listener) {
    this.loop = loop;
    this.executor = executor;
    this.listener = listener;
  }

  /**
   * Makes an executor with one daemon thread, which ends when it has nothing to do for a while. A
   * code takes 32 MiB while it is made, so that not many should be made at once.
   */
  static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "perc4j codes");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** There is a new epoch: the code of the one before is of no use any more. */
  void epoch(GroupMoment moment, byte[] authenticator) {
    wanted = new Wanted(moment, authenticator);
    makeNext();
  }

  /** No more codes are made, except one that is being made, which is told to nobody. */
  void stop() {
    stopped = true;
    wanted = null;
  }

  private void makeNext() {
    if (making || stopped) {
      return;
    }
    making = true;
    try {
      executor.execute(this::make);
    } catch (RejectedExecutionException e) {
      making = false;
      LOGGER.log(Level.WARNING, "could not compute verification codes", e);
    }
  }

  /** Runs on the executor, maybe long after it was asked for. */
  private void make() {
    Wanted newest = stopped ? null : wanted;
    VerificationCode code = null;
    try {
      if (newest != null) {
        code = VerificationCode.ofEpoch(newest.authenticator);
      }
    } finally {
      VerificationCode made = code;
      loop.execute(() -> made(newest, made));
    }
  }

  private void made(@Nullable Wanted of, @Nullable VerificationCode code) {
    making = false;
    if (stopped || wanted == null) {
      return;
    }
    if (of != null && of == wanted && code != null) {
      wanted = null;
      listener.accept(of.moment, code);
    } else if (of != wanted) {
      makeNext();
    }
  }
}
