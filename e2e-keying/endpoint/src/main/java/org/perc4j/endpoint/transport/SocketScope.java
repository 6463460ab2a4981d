/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;

/**
 * Where sockets are made. A network namespace of Linux (network_namespaces(7)) is one: the sockets
 * that one of its threads makes belong there for good, whoever uses them.
 */
public interface SocketScope {
  /** The one of the thread that calls. */
  SocketScope PRESENT =
      new SocketScope() {
        @Override
        public <T> T call(Task<T> task) throws IOException, InterruptedException {
          return task.run();
        }
      };

  /** What is done there. */
  interface Task<T> {
    /** Does it. */
    T run() throws IOException, InterruptedException;
  }

  /** Does something where sockets are made, and waits for it. */
  <T> T call(Task<T> task) throws IOException, InterruptedException;
}
