/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

/**
 * Asks Jicofo to come into a room, which every client does before it enters. Thread-safe. See
 * {@link XmppConferenceRequest} and {@link HttpConferenceRequest}.
 */
public interface ConferenceRequest {
  /** What Jicofo says. */
  enum Answer {
    /** It is in the room. */
    READY,
    /** It is coming. */
    NOT_YET,
    /** It does not answer, or is not there; it may come back. */
    AWAY,
    /** This user may not have that conference; somebody else has to begin it, or may. */
    NOT_AUTHORIZED,
    /** It refuses for another reason. */
    REFUSED
  }

  /** Asks once, and waits for the answer as long as the connection does for any. */
  Answer ask() throws InterruptedException;
}
