/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds who speaks by smoothed audio levels. Not thread-safe. */
final class SpeakerDetector {
  private static final int SILENCE_MINUS_DBOV = 127;
  private static final double WEIGHT = 0.05;
  private static final double LEAD_DB = 10;
  private static final double SPEECH_DB = SILENCE_MINUS_DBOV - 50;

  private final Map<String, Double> loudness = new HashMap<>();
  private final List<String> recentSpeakers = new ArrayList<>();

  /** Takes note of a packet's level; tells whether somebody else speaks now. */
  boolean update(String endpoint, int levelMinusDbov) {
    double now = SILENCE_MINUS_DBOV - levelMinusDbov;
    double smoothed = loudness.merge(endpoint, now, (old, unused) -> old + WEIGHT * (now - old));
    String speaker = dominantSpeaker();
    if (endpoint.equals(speaker)
        || smoothed < SPEECH_DB
        || (speaker != null && smoothed < loudness.getOrDefault(speaker, 0.0) + LEAD_DB)) {
      return false;
    }
    remove(endpoint);
    recentSpeakers.add(0, endpoint);
    return true;
  }

  void forget(String endpoint) {
    loudness.remove(endpoint);
    remove(endpoint);
  }

  private void remove(String endpoint) {
    boolean unused = recentSpeakers.remove(endpoint);
  }

  @Nullable String dominantSpeaker() {
    return recentSpeakers.isEmpty() ? null : recentSpeakers.get(0);
  }

  /** How long ago someone spoke, in changes of speakers; large for those who never did. */
  int rank(String endpoint) {
    int rank = recentSpeakers.indexOf(endpoint);
    return rank < 0 ? Integer.MAX_VALUE : rank;
  }
}
