/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.audiolevel.AudioLevelCodec;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.SentStream;

/**
 * What the bridge had of a stream in the end, beside what members had of it.
 *
 * @param atMembers payloads of the last packets of the lowest encoding, as members have them
 * @param atBridge payloads of the same packets, as the bridge has them
 * @param header what can be read of the last packet without keys
 * @param sealed packets that are not as they were
 * @param inTheClear how many are
 */
record Overheard(
    String sender,
    MediaKind kind,
    List<byte[]> atMembers,
    List<byte[]> atBridge,
    Map<String, String> header,
    List<byte[]> sealed,
    int inTheClear) {
  /** Of each encoding. Each one is tried with every key. */
  private static final int MOST_PACKETS = 64;

  /** What tells the packets of a source apart. */
  private record Place(int encoding, int sequenceNumber, long timestamp) {}

  /**
   * Looks at what an endpoint sent last.
   *
   * @return null if that was nothing
   */
  static @Nullable Overheard of(Endpoint endpoint, MediaKind kind) throws IOException {
    Source source =
        endpoint.sources().stream().filter(one -> one.kind() == kind).findFirst().orElse(null);
    SentStream sent = endpoint.sent(kind);
    if (source == null || sent == null) {
      return null;
    }
    try {
      List<byte[]> packets = endpoint.innerProtected(kind);
      return packets.isEmpty() ? null : of(source, sent, packets);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException | TimeoutException | MalformedPacketException e) {
      throw new IOException("could not read what " + endpoint.id() + " sent", e);
    }
  }

  private static Overheard of(Source source, SentStream sent, List<byte[]> packets)
      throws MalformedPacketException {
    Map<Place, byte[]> payloads = new HashMap<>();
    for (SentStream.Packet packet : sent.packets()) {
      payloads.put(
          new Place(packet.encoding(), packet.sequenceNumber(), packet.timestamp()),
          packet.payload());
    }
    RtpPacketView view = new RtpPacketView();
    Map<Integer, Deque<byte[]>> last = new LinkedHashMap<>();
    for (byte[] packet : packets) {
      view.wrap(packet, 0, packet.length);
      Deque<byte[]> alike =
          last.computeIfAbsent(source.encoding(view.ssrc()), unused -> new ArrayDeque<>());
      alike.addLast(packet);
      if (alike.size() > MOST_PACKETS) {
        alike.removeFirst();
      }
    }
    List<byte[]> atMembers = new ArrayList<>();
    List<byte[]> atBridge = new ArrayList<>();
    List<byte[]> sealed = new ArrayList<>();
    Map<String, String> header = Map.of();
    int inTheClear = 0;
    for (Map.Entry<Integer, Deque<byte[]>> alike : last.entrySet()) {
      for (byte[] packet : alike.getValue()) {
        view.wrap(packet, 0, packet.length);
        byte[] seen =
            Arrays.copyOfRange(
                packet, view.payloadOffset(), view.payloadOffset() + view.payloadLength());
        byte[] payload =
            payloads.get(new Place(alike.getKey(), view.sequenceNumber(), view.timestamp()));
        if (payload != null && alike.getKey() == 0) {
          atMembers.add(payload);
          atBridge.add(seen);
          header = header(view);
        }
        if (payload != null && Arrays.equals(payload, seen)) {
          inTheClear++;
        } else {
          sealed.add(packet);
        }
      }
    }
    return new Overheard(
        source.owner(), source.kind(), atMembers, atBridge, header, sealed, inTheClear);
  }

  private static Map<String, String> header(RtpPacketView view) throws MalformedPacketException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("stream (SSRC)", String.format(Locale.ROOT, "%08x", view.ssrc()));
    fields.put("sequence number", Integer.toString(view.sequenceNumber()));
    fields.put("time stamp", Long.toString(view.timestamp()));
    fields.put("payload type", Integer.toString(view.payloadType()));
    fields.put("marker", view.marker() ? "yes" : "no");
    HeaderExtensionCursor cursor = new HeaderExtensionCursor();
    cursor.wrap(view);
    while (cursor.next()) {
      int offset = cursor.dataOffset();
      int length = cursor.dataLength();
      switch (cursor.id()) {
        case PayloadTypes.AUDIO_LEVEL_EXTENSION ->
            fields.put("audio level", level(AudioLevelCodec.parse(view.buffer(), offset, length)));
        case PayloadTypes.FRAME_MARKING_EXTENSION ->
            fields.put(
                "frame marking", marking(FrameMarkingCodec.parse(view.buffer(), offset, length)));
        case PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION ->
            fields.put("dependency descriptor", HtmlReport.count(length, "octet"));
        default -> fields.put("extension " + cursor.id(), HtmlReport.count(length, "octet"));
      }
    }
    fields.put("length", HtmlReport.count(view.payloadLength(), "octet"));
    return fields;
  }

  private static String level(int octet) {
    return "-"
        + AudioLevelCodec.levelMinusDbov(octet)
        + " dBov, "
        + (AudioLevelCodec.voiceActivity(octet) ? "voice" : "no voice");
  }

  private static String marking(int marking) {
    boolean start = FrameMarkingCodec.startOfFrame(marking);
    boolean end = FrameMarkingCodec.endOfFrame(marking);
    return (start && end ? "all" : start ? "start" : end ? "end" : "middle")
        + (FrameMarkingCodec.independent(marking) ? " of a key frame" : " of a frame")
        + (FrameMarkingCodec.scalable(marking)
            ? ", temporal layer " + FrameMarkingCodec.temporalId(marking)
            : "");
  }
}
