/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.perc4j.client.gstreamer.MediaException;

/**
 * Takes work off the thread of a call's media, which must not wait: in order, and no more than
 * there is room for.
 */
public final class MediaThread implements Closeable {
  private static final System.Logger LOGGER = System.getLogger(MediaThread.class.getName());
  private static final int CAPACITY = 512;
  private static final long IDLE_MILLIS = 200;
  private static final long END_MILLIS = 5_000;

  private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Thread thread;
  private volatile boolean closed;

  /** Something to do. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws MediaException;
  }

  /** Starts a thread. */
  public MediaThread(String name) {
    thread = new Thread(this::work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Has something done.
   *
   * @return whether there was room for it
   */
  public boolean offer(Work work) {
    return !closed && queue.offer(work);
  }

  private void work() {
    try {
      // What was offered before the end is done, also if the thread starts after it.
      boolean goesOn = true;
      while (goesOn) {
        Work next = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          run(next);
        } else {
          goesOn = !closed;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (MediaException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "media are lost", e);
    }
  }

  /** Does what waits, for some seconds at most, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
