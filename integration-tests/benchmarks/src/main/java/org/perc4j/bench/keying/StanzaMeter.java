/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.perc4j.e2e.xmpp.element.MlsElement;
import org.perc4j.it.xmpp.TcpRelay;

/**
 * Adds up the octets of the stanzas that carry keying: messages with an element of the protocol,
 * and presence that shows a GroupInfo. Thread-safe.
 */
final class StanzaMeter implements TcpRelay.TapFactory {
  /** Presence with less than that shows nothing. */
  private static final int MIN_PUBLICATION_OCTETS = 1500;

  private final AtomicLong messageOctets = new AtomicLong();
  private final AtomicLong publicationOctets = new AtomicLong();

  void reset() {
    messageOctets.set(0);
    publicationOctets.set(0);
  }

  long messageOctets() {
    return messageOctets.get();
  }

  long publicationOctets() {
    return publicationOctets.get();
  }

  @Override
  public TcpRelay.Tap tap(boolean fromClient) {
    return new Direction();
  }

  /** One direction of one connection. Stanzas of one kind are never inside each other here. */
  private final class Direction implements TcpRelay.Tap {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void octets(byte[] buffer, int length) {
      text.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
      int at = 0;
      while (true) {
        int message = text.indexOf("<message ", at);
        int presence = text.indexOf("<presence ", at);
        if (message < 0 && presence < 0) {
          // the beginning of a tag may be the last that came
          at = Math.max(at, text.lastIndexOf("<"));
          break;
        }
        boolean isMessage = presence < 0 || (message >= 0 && message < presence);
        int start = isMessage ? message : presence;
        int end = end(start, isMessage ? "</message>" : "</presence>");
        if (end < 0) {
          at = start;
          break;
        }
        count(isMessage, text.substring(start, end));
        at = end;
      }
      text.delete(0, at);
    }

    private int end(int start, String endTag) {
      int firstTag = text.indexOf(">", start);
      if (firstTag >= 0 && text.charAt(firstTag - 1) == '/') {
        return firstTag + 1;
      }
      int end = text.indexOf(endTag, start);
      return end < 0 ? -1 : end + endTag.length();
    }

    private void count(boolean isMessage, String stanza) {
      if (!stanza.contains(MlsElement.NAMESPACE)) {
        return;
      }
      if (isMessage) {
        messageOctets.addAndGet(stanza.length());
      } else if (stanza.length() >= MIN_PUBLICATION_OCTETS) {
        publicationOctets.addAndGet(stanza.length());
      }
    }
  }
}
