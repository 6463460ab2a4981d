/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import org.perc4j.e2e.srtp.MediaPacket;

/** What the example of {@code ConferenceSession} leaves to an application. */
public interface ExampleApplication {
  /** What leads to the bridge. */
  interface Socket {
    /** Sends a datagram. */
    void send(MediaPacket packet) throws Exception;

    /** Returns the next datagram, which has to come first. */
    MediaPacket receive() throws Exception;
  }

  /** Returns a new copy of what DTLS exported. */
  byte[] exported();

  /** Returns a packet to be sent. */
  byte[] rtp();

  /** Returns what leads to the bridge. */
  Socket socket();

  /** Takes media. */
  void play(MediaPacket packet);

  /** Takes text for people. */
  void show(String text);
}
