/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import org.perc4j.endpoint.signalling.Source;

/** Is told what arrives. Called by the media threads of all endpoints that have it. */
@FunctionalInterface
public interface ArrivalListener {
  /**
   * A packet came through all layers, for the first time.
   *
   * @param receiver whose it is
   * @param source that it is of, by signalling's word
   */
  void arrived(String receiver, Source source, ReceivedStream.Arrival arrival);
}
