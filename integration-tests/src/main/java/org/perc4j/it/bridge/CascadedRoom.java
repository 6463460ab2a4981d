/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;

/**
 * A conference on two Jitsi Videobridges with a relay link between them, as a focus would set it
 * up: each endpoint is on one of them, and the other is told of its sources.
 */
public final class CascadedRoom implements Room {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One of the bridges, by the name that it has for the other. */
  private record Side(String name, ColibriRoom room) {}

  private final Side first;
  private final Side second;
  private final Map<String, Side> places = new ConcurrentHashMap<>();
  private volatile boolean nextIsSecond;

  private CascadedRoom(Side first, Side second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Makes the conference on both bridges, and the link.
   *
   * @param first started with {@link #configuration}
   * @param second started with {@link #configuration}, under another name
   */
  public static CascadedRoom create(JvbProcess first, JvbProcess second, String name)
      throws IOException, InterruptedException {
    return create(first, second, name, RequestEdit.NONE);
  }

  /**
   * Makes the conference on both bridges, and the link, with other signalling.
   *
   * @param edit changes what bridges are told of endpoints and of each other
   */
  public static CascadedRoom create(
      JvbProcess first, JvbProcess second, String name, RequestEdit edit)
      throws IOException, InterruptedException {
    CascadedRoom room =
        new CascadedRoom(
            new Side("bridge-1", first.colibriRoom(name, edit)),
            new Side("bridge-2", second.colibriRoom(name, edit)));
    room.link(edit);
    return room;
  }

  /** Returns what a bridge needs in its configuration to be linked, HOCON. */
  public static String configuration(int number) {
    return "videobridge.relay { enabled = true, region = lab, relay-id = bridge-%d }%n"
        .formatted(number);
  }

  private void link(RequestEdit edit) throws IOException, InterruptedException {
    JsonNode ofFirst = addRelay(first, second.name(), true, edit);
    JsonNode ofSecond = addRelay(second, first.name(), false, edit);
    setTransport(first, second.name(), ofSecond, DtlsSetup.ACTIVE);
    setTransport(second, first.name(), ofFirst, DtlsSetup.PASSIVE);
  }

  private static JsonNode addRelay(Side side, String other, boolean controlling, RequestEdit edit)
      throws IOException, InterruptedException {
    ObjectNode relay = JSON.createObjectNode().put("id", other).put("create", true);
    // A port that is shared with endpoints only answers; one side has to begin.
    relay
        .putObject("transport")
        .put("ice-controlling", controlling)
        .put("use-unique-port", controlling);
    relay.set("medias", ColibriRoom.newEndpoint(other, CongestionFeedback.NONE).get("medias"));
    edit.edit(other, relay);
    return modify(side, relay).path("relays").path(0).path("transport").path("transport");
  }

  private static void setTransport(Side side, String other, JsonNode transport, DtlsSetup setup)
      throws IOException, InterruptedException {
    ObjectNode described = transport.deepCopy();
    for (JsonNode fingerprint : described.path("fingerprints")) {
      ((ObjectNode) fingerprint).put("setup", setup.token());
    }
    if (setup == DtlsSetup.PASSIVE) {
      // One side opens the channel between the bridges.
      described.remove("web-sockets");
    }
    ObjectNode relay = JSON.createObjectNode().put("id", other);
    relay.putObject("transport").set("transport", described);
    JsonNode unused = modify(side, relay);
  }

  private static JsonNode modify(Side side, ObjectNode relay)
      throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    request.putArray("relays").add(relay);
    return side.room().modify(request);
  }

  /** Puts the endpoints that join from now on on the second bridge, or on the first. */
  public void place(boolean onSecond) {
    nextIsSecond = onSecond;
  }

  private Side place(String endpoint) {
    return places.getOrDefault(endpoint, first);
  }

  private Side other(Side side) {
    return side.equals(first) ? second : first;
  }

  @Override
  public TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException {
    Side side = nextIsSecond ? second : first;
    places.put(endpoint, side);
    return side.room().addEndpoint(endpoint, wanted);
  }

  @Override
  public CongestionFeedback feedback(String endpoint) {
    return place(endpoint).room().feedback(endpoint);
  }

  @Override
  public void setTransport(String endpoint, TransportDescription transport, List<Source> sources)
      throws IOException, InterruptedException {
    Side side = place(endpoint);
    side.room().setTransport(endpoint, transport, sources);
    ObjectNode remote =
        JSON.createObjectNode()
            .put("id", endpoint)
            .put("create", true)
            .put("stats-id", "lab-" + endpoint);
    ColibriRoom.addSources(remote, sources);
    tellOther(side, remote);
  }

  private void tellOther(Side side, ObjectNode endpoint) throws IOException, InterruptedException {
    ObjectNode relay = JSON.createObjectNode().put("id", side.name());
    relay.putArray("endpoints").add(endpoint);
    JsonNode unused = modify(other(side), relay);
  }

  @Override
  public void setConstraints(String endpoint, ReceiverConstraints constraints)
      throws IOException, InterruptedException {
    place(endpoint).room().setConstraints(endpoint, constraints);
  }

  @Override
  public @Nullable String dominantSpeaker(String endpoint) {
    return place(endpoint).room().dominantSpeaker(endpoint);
  }

  @Override
  public List<String> messages(String endpoint) {
    return place(endpoint).room().messages(endpoint);
  }

  @Override
  public void removeEndpoint(String endpoint) throws IOException, InterruptedException {
    Side side = place(endpoint);
    side.room().removeEndpoint(endpoint);
    tellOther(side, JSON.createObjectNode().put("id", endpoint).put("expire", true));
  }

  @Override
  public void close() throws IOException {
    try {
      first.room().close();
    } finally {
      second.room().close();
    }
  }
}
