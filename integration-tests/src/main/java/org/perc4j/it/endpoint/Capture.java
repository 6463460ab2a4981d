/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.transport.SessionEndToEnd;

/** Packets as a bridge has them: without the hop-by-hop layer, by who sent them. Immutable. */
public final class Capture {
  private final Map<String, List<byte[]>> packets;

  private Capture(Map<String, List<byte[]>> packets) {
    this.packets = packets;
  }

  /** Returns the last packets that these endpoints sent. */
  public static Capture of(List<Endpoint> endpoints)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, List<byte[]>> packets = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      List<byte[]> sent = new ArrayList<>();
      for (MediaKind kind : MediaKind.values()) {
        sent.addAll(endpoint.innerProtected(kind));
      }
      packets.put(endpoint.id(), sent);
    }
    return new Capture(packets);
  }

  /** Returns those packets that are not in an earlier capture. */
  public Capture since(Capture earlier) {
    Map<String, List<byte[]>> later = new LinkedHashMap<>();
    packets.forEach(
        (sender, sent) -> {
          Set<ByteBuffer> known = new HashSet<>();
          earlier.packets.getOrDefault(sender, List.of()).stream()
              .map(ByteBuffer::wrap)
              .forEach(known::add);
          later.put(
              sender,
              sent.stream().filter(packet -> !known.contains(ByteBuffer.wrap(packet))).toList());
        });
    return new Capture(later);
  }

  /** Returns how many packets there are. */
  public int size() {
    return packets.values().stream().mapToInt(List::size).sum();
  }

  /** Returns how many of them a session decrypts, and finds to be by whom they are. */
  public int openedBy(ConferenceSession session) {
    SessionEndToEnd endToEnd = new SessionEndToEnd(session);
    int opened = 0;
    for (Map.Entry<String, List<byte[]>> sent : packets.entrySet()) {
      for (byte[] packet : sent.getValue()) {
        MediaPacket copy = new MediaPacket().wrap(packet.clone(), 0, packet.length);
        opened += endToEnd.unprotect(copy, sent.getKey()) == DoubleSrtpResult.OK ? 1 : 0;
      }
    }
    return opened;
  }
}
