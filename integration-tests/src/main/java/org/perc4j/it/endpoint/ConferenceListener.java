/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.perc4j.it.keying.Gathering;
import org.perc4j.it.transport.KeyTap;

/**
 * Is told what happens in a conference. Called by whoever has the conference do something, before
 * that goes on, so that what the endpoints know can still be asked of them.
 */
public interface ConferenceListener {
  /**
   * Makes listeners for conferences that are held while the system property {@link
   * Conference#REPORTS} names a folder. Found by {@link java.util.ServiceLoader}.
   */
  interface Provider {
    /**
     * Makes a listener.
     *
     * @param folder where it may leave something
     * @param room name of the conference
     * @param bridge what the conference is held on, for people
     */
    ConferenceListener listener(Path folder, String room, String bridge);
  }

  /** Returns who is told of all keys that the bridge has. */
  KeyTap keyTap();

  /** Somebody is connected to the bridge. */
  void joined(Endpoint endpoint);

  /** Somebody is about to be disconnected, or to die. */
  void leaving(Endpoint endpoint) throws IOException;

  /** All members of the group agree, maybe on nothing new. */
  void agreed(Gathering gathering);

  /** Everybody who is still in is about to be disconnected. */
  void closing(Conference conference) throws IOException;

  /** All recordings are complete. */
  void closed() throws IOException;
}
