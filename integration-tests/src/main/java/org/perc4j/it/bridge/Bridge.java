/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.io.Closeable;

/** A media distributor that conferences can be held on. */
public interface Bridge extends Closeable {
  /** Says what it is, for people. */
  String description();

  /**
   * Makes a conference; it is set up with its first endpoint.
   *
   * @param name unique as long as the bridge lives; letters, digits, hyphens
   */
  Room createRoom(String name);
}
