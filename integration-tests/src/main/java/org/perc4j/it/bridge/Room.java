/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;

/** A conference on a bridge, as those who set up calls see it. Thread-safe. */
public interface Room extends Closeable {
  /**
   * Allocates a transport.
   *
   * @param endpoint 8 hexadecimal digits
   * @param wanted how it would like to be told of congestion; {@link #feedback} says what is agreed
   */
  TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException;

  /** Returns how an endpoint that was added and its bridge tell each other of congestion. */
  default CongestionFeedback feedback(String endpoint) {
    return CongestionFeedback.NONE;
  }

  /** Gives the bridge the endpoint's side of the transport, and its sources. */
  void setTransport(String endpoint, TransportDescription transport, List<Source> sources)
      throws IOException, InterruptedException;

  /** Gives the bridge other sources of an endpoint in the place of those that it knows. */
  default void setSources(String endpoint, List<Source> sources)
      throws IOException, InterruptedException {
    throw new SignallingException("sources cannot be changed here");
  }

  /** Allocates another transport for an endpoint that does not get through by the first. */
  default TransportDescription restart(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException {
    removeEndpoint(endpoint);
    return addEndpoint(endpoint, wanted);
  }

  /** Has the bridge use other ICE credentials for a transport, and returns its new side. */
  default TransportDescription requestIceRestart(String endpoint)
      throws IOException, InterruptedException {
    throw new SignallingException("ICE cannot be restarted here");
  }

  /** Gives the bridge the endpoint's new side when ICE is restarted. */
  default void setIceRestart(String endpoint, TransportDescription transport)
      throws IOException, InterruptedException {
    throw new SignallingException("ICE cannot be restarted here");
  }

  /**
   * Has an endpoint connect anew, by {@link #addEndpoint} and {@link #setTransport}, when it is
   * moved to another bridge. Where nobody moves endpoints, that never happens.
   *
   * @param connects called on a thread that it may block
   */
  default void whenMoved(String endpoint, Runnable connects) {}

  /** Takes notice that an endpoint hears nothing of its bridge any more. Does not wait. */
  default void lost(String endpoint) {}

  /** Says what video an endpoint wants. It gets none before. */
  void setConstraints(String endpoint, ReceiverConstraints constraints)
      throws IOException, InterruptedException;

  /** Says whether an endpoint wants to hear anybody, which it does before. */
  default void setAudioWanted(String endpoint, boolean wanted)
      throws IOException, InterruptedException {
    throw new SignallingException("nothing but video can be chosen here");
  }

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
