/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.it.xmpp.TcpRelay;

/**
 * Adds up the octets of the stanzas that carry keying: messages with an element of the protocol,
 * and presence that shows a mark of a group. Thread-safe.
 */
final class StanzaMeter implements TcpRelay.TapFactory {
  /** The protocol's element, if it is not empty. */
  private static final Pattern MARK = Pattern.compile("<mls [^>]*[^>/]>");

  private final AtomicLong messageOctets = new AtomicLong();
  private final AtomicLong markOctets = new AtomicLong();

  void reset() {
    messageOctets.set(0);
    markOctets.set(0);
  }

  long messageOctets() {
    return messageOctets.get();
  }

  long markOctets() {
    return markOctets.get();
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
      if (!stanza.contains(RoomElement.NAMESPACE)) {
        return;
      }
      if (isMessage) {
        messageOctets.addAndGet(stanza.length());
      } else if (MARK.matcher(stanza).find()) {
        markOctets.addAndGet(stanza.length());
      }
    }
  }
}
