/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import com.sun.jna.LastErrorException;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.transport.SocketScope;

/**
 * Network interfaces, addresses and routes of their own (network_namespaces(7)) within this
 * process. A thread has one: the sockets that it makes belong there for good, whoever uses them,
 * and so do the threads and processes that it starts. Thread-safe.
 */
public final class NetworkNamespace implements SocketScope, Closeable {
  /** The one of the thread that calls. */
  public static final NetworkNamespace PRESENT = new NetworkNamespace(Runnable::run, null);

  private final Executor executor;
  private final @Nullable ExecutorService ownThread;

  private NetworkNamespace(Executor executor, @Nullable ExecutorService ownThread) {
    this.executor = executor;
    this.ownThread = ownThread;
  }

  /**
   * Makes one that has nothing but a loopback interface, which is down.
   *
   * @throws IOException if this process may not
   */
  public static NetworkNamespace create(String name) throws IOException, InterruptedException {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread one = new Thread(task, name);
              one.setDaemon(true);
              return one;
            });
    NetworkNamespace namespace = new NetworkNamespace(thread, thread);
    boolean created = false;
    try {
      namespace.run(() -> LinuxCalls.unshare(LinuxCalls.CLONE_NEWNET));
      created = true;
      return namespace;
    } finally {
      if (!created) {
        namespace.close();
      }
    }
  }

  /**
   * Does something on a thread of the namespace, and waits for it.
   *
   * @throws IOException if it does; also if the system refused something
   */
  @Override
  public <T> T call(Task<T> task) throws IOException, InterruptedException {
    FutureTask<T> future = new FutureTask<>(task::run);
    executor.execute(future);
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      if (cause instanceof LastErrorException refused) {
        throw new IOException("a system call for the network namespace failed", refused);
      }
      throw new IllegalStateException(cause);
    }
  }

  /** What is done without a result. */
  interface Step {
    void run() throws IOException, InterruptedException;
  }

  void run(Step step) throws IOException, InterruptedException {
    Boolean unused =
        call(
            () -> {
              step.run();
              return true;
            });
  }

  /** Ends its thread. The namespace lives as long as a socket, a device or a thread in it does. */
  @Override
  public void close() {
    if (ownThread != null) {
      ownThread.shutdown();
    }
  }
}
