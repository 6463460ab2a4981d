/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conference on a bridge, as those who set up calls see it. Thread-safe. */
public interface Room extends Closeable {
  /**
   * Allocates a transport.
   *
   * @param endpoint 8 hexadecimal digits
   */
  TransportDescription addEndpoint(String endpoint) throws IOException, InterruptedException;

  /** Gives the bridge the endpoint's side of the transport, and its sources. */
  void setTransport(String endpoint, TransportDescription transport, List<Source> sources)
      throws IOException, InterruptedException;

  /** Says what video an endpoint wants. It gets none before. */
  void setConstraints(String endpoint, ReceiverConstraints constraints)
      throws IOException, InterruptedException;

  /** Returns who speaks, as the bridge last told an endpoint, or null if it has not. */
  @Nullable String dominantSpeaker(String endpoint);

  /** Returns what the bridge has told an endpoint so far, oldest first, as it told it. */
  List<String> messages(String endpoint);

  /** Ends an endpoint's part in the conference. */
  void removeEndpoint(String endpoint) throws IOException, InterruptedException;

  /** Ends the conference. */
  @Override
  void close() throws IOException;
}
