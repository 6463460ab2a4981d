/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.signalling.BridgeChannel;

/** Everything that a bridge has told an endpoint. Thread-safe. */
public final class BridgeMessages implements BridgeChannel.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();

  @GuardedBy("this")
  private final List<String> messages = new ArrayList<>();

  @GuardedBy("this")
  private @Nullable String dominantSpeaker;

  @Override
  public synchronized void received(String message) {
    messages.add(message);
    try {
      JsonNode json = JSON.readTree(message);
      if (json.path("colibriClass").asText().equals("DominantSpeakerEndpointChangeEvent")) {
        dominantSpeaker = json.path("dominantSpeakerEndpoint").asText();
      }
    } catch (JsonProcessingException e) {
      messages.add("not JSON: " + e.getOriginalMessage());
    }
  }

  /** Returns who speaks, as the bridge last told, or null if it has not. */
  public synchronized @Nullable String dominantSpeaker() {
    return dominantSpeaker;
  }

  /** Returns what the bridge has told so far, oldest first. */
  public synchronized List<String> messages() {
    return List.copyOf(messages);
  }
}
