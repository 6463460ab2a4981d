/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.TimedOutException;

/** Asks a client what it decoded. Used by one thread. */
final class Meter {
  private static final Pattern DECODED =
      Pattern.compile("decoded of (\\S+).*: (\\d+) pictures, .*");

  private final Spoken client;
  private int asked;

  Meter(Spoken client) {
    this.client = client;
  }

  /** Returns of how many there were pictures. */
  long seen() {
    return ask().values().stream().filter(pictures -> pictures > 0).count();
  }

  /** Returns how many pictures there were. */
  long pictures() {
    return ask().values().stream().mapToLong(Long::longValue).sum();
  }

  /** What it does not understand comes back behind what it says. */
  private Map<String, Long> ask() {
    String fence = "fence" + asked++;
    client.tell("s");
    client.tell(fence);
    try {
      Await.until(
          "an answer", Await.PATIENCE, () -> client.find(line -> line.endsWith(fence)) != null);
    } catch (TimedOutException e) {
      throw new IllegalStateException("it does not answer: " + client.lines(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Map<String, Long> pictures = new HashMap<>();
    for (Spoken.Line line : client.lines()) {
      Matcher matcher = DECODED.matcher(line.text());
      if (matcher.matches()) {
        pictures.put(matcher.group(1), Long.valueOf(matcher.group(2)));
      }
    }
    return pictures;
  }
}
