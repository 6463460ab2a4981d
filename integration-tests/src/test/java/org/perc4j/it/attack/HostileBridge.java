/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Wire;
import org.perc4j.it.transport.BridgeKnowledge;

/**
 * A bridge for one conference that has all hop keys and does what a test says. Left alone, it
 * forwards everything to everyone under numbers of its own. Thread-safe.
 */
final class HostileBridge implements Bridge {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int RECORDED = 64;

  /** Decides what becomes of a packet on its way to an endpoint. */
  @FunctionalInterface
  interface Course {
    /** Tells whether the packet is to be forwarded. */
    boolean passes(String endpoint, byte[] between);
  }

  private final BridgeKnowledge knowledge = new BridgeKnowledge();
  private final Map<String, Hop> hops = new LinkedHashMap<>();
  private final Map<String, List<Source>> sources = new LinkedHashMap<>();
  private final List<byte[]> recorded = new ArrayList<>();
  private Course course = (endpoint, between) -> true;

  @Override
  public String description() {
    return "hostile forwarder";
  }

  @Override
  public Room createRoom(String name) {
    return new Conference(name);
  }

  @Override
  public void close() {
    // The room closes the hops; there is nothing else.
  }

  /** Returns what all handshakes yielded. */
  BridgeKnowledge knowledge() {
    return knowledge;
  }

  synchronized Hop hop(String endpoint) {
    Hop hop = hops.get(endpoint);
    if (hop == null) {
      throw new IllegalArgumentException("no endpoint " + endpoint);
    }
    return hop;
  }

  /** Returns a source as it was announced. */
  synchronized Source source(String owner, MediaKind kind) {
    return sources.getOrDefault(owner, List.of()).stream()
        .filter(source -> source.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  /** Returns the last packets that came, of any stream, without their outer layer. */
  synchronized List<byte[]> recorded() {
    return List.copyOf(recorded);
  }

  synchronized void take(Course course) {
    this.course = course;
  }

  /** Keeps the next packets of a stream from one receiver, and returns them. */
  List<byte[]> withhold(int ssrc, String receiver, int packets)
      throws IOException, InterruptedException {
    List<byte[]> withheld = new ArrayList<>();
    take(
        (endpoint, between) -> {
          if (!endpoint.equals(receiver)
              || Wire.ssrc(between) != ssrc
              || withheld.size() == packets) {
            return true;
          }
          withheld.add(between);
          return false;
        });
    Await.until(
        packets + " packets to withhold",
        SOON,
        () -> {
          synchronized (this) {
            return withheld.size() == packets;
          }
        });
    return withheld;
  }

  private synchronized void received(String sender, byte[] between) {
    recorded.add(between);
    if (recorded.size() > RECORDED) {
      byte[] unused = recorded.remove(0);
    }
    hops.forEach(
        (endpoint, hop) -> {
          if (!endpoint.equals(sender)
              && hop.isConnected()
              && course.passes(endpoint, between.clone())) {
            if (isRepair(between)) {
              // its block is that of the packet in it
              hop.send(between);
            } else {
              hop.forward(between);
            }
          }
        });
  }

  private boolean isRepair(byte[] between) {
    int ssrc = Wire.ssrc(between);
    return sources.values().stream()
        .flatMap(List::stream)
        .anyMatch(source -> source.rtxSsrc() == ssrc);
  }

  private final class Conference implements Room {
    private final String name;

    Conference(String name) {
      this.name = name;
    }

    @Override
    public TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
        throws IOException, InterruptedException {
      Hop hop =
          new Hop(
              name + "-" + endpoint,
              true,
              DtlsSetup.ACTPASS,
              knowledge,
              between -> received(endpoint, between));
      synchronized (HostileBridge.this) {
        hops.put(endpoint, hop);
      }
      return hop.description();
    }

    @Override
    public void setTransport(
        String endpoint, TransportDescription transport, List<Source> announced) {
      synchronized (HostileBridge.this) {
        sources.put(endpoint, announced);
      }
      hop(endpoint).connect(transport);
    }

    @Override
    public void setConstraints(String endpoint, ReceiverConstraints constraints) {
      // Everyone gets everything.
    }

    @Override
    public @Nullable String dominantSpeaker(String endpoint) {
      return null;
    }

    @Override
    public List<String> messages(String endpoint) {
      return List.of();
    }

    @Override
    public void removeEndpoint(String endpoint) {
      Hop hop = hop(endpoint);
      synchronized (HostileBridge.this) {
        Hop unused = hops.remove(endpoint);
      }
      hop.close();
    }

    @Override
    public void close() {
      synchronized (HostileBridge.this) {
        hops.values().forEach(Hop::close);
        hops.clear();
      }
    }
  }
}
