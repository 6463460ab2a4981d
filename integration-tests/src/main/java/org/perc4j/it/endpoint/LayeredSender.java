/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.Qualities;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/**
 * Plays clips in layers, all encodings of a source together. Who asks for a key gets one with the
 * next picture, as all clips begin again. On the endpoint's media thread only.
 */
final class LayeredSender implements Qualities {
  private static final long MIN_RESTART_NANOS = 300_000_000;

  /** Takes a packet to send. */
  interface Output {
    void send(StreamSender sender, byte[] packetWithRoom) throws IOException;
  }

  /** One encoding. */
  private record Encoding(
      LayeredClip clip,
      AccountedSender sender,
      LayerPacketizer packetizer,
      int maxBytes,
      PacketMarkings markings) {}

  private final List<Encoding> encodings = new ArrayList<>();
  private final Output output;
  private long picture;
  private long position;
  private long lastRestartNanos;
  private boolean keyWanted;

  /** The highest encoding, or spatial layer of the only one, that may be sent; -1 for nothing. */
  private int allowed = Integer.MAX_VALUE;

  /** The one that is sent: what comes back begins with a key. */
  private int current = Integer.MAX_VALUE;

  private boolean started;

  LayeredSender(Output output) {
    this.output = output;
  }

  /** Adds the next higher encoding. */
  void add(
      LayeredClip clip,
      AccountedSender sender,
      Vp9Payload.Mode vp9Mode,
      int pictureId,
      int maxBytes,
      PacketMarkings markings) {
    encodings.add(
        new Encoding(
            clip, sender, clip.packetizer(vp9Mode, pictureId, maxBytes), maxBytes, markings));
  }

  int framesPerSecond() {
    return encodings.get(0).clip().framesPerSecond();
  }

  List<StreamSender> senders() {
    return encodings.stream().map(encoding -> encoding.sender().stream()).toList();
  }

  private boolean isSimulcast() {
    return encodings.size() > 1;
  }

  @Override
  public double[] neededBps() {
    LayeredClip first = encodings.get(0).clip();
    double[] needed = new double[isSimulcast() ? encodings.size() : first.spatialLayers()];
    for (int i = 0; i < needed.length; i++) {
      LayeredClip clip = isSimulcast() ? encodings.get(i).clip() : first;
      needed[i] =
          isSimulcast()
              ? (i == 0 ? 0 : needed[i - 1])
                  + clip.bitsPerSecond(clip.spatialLayers() - 1, encodings.get(i).maxBytes())
              : clip.bitsPerSecond(i, encodings.get(0).maxBytes());
    }
    return needed;
  }

  @Override
  public void allow(int highest) {
    allowed = highest;
    if (allowed <= current) {
      current = allowed;
    } else {
      keyWanted = true;
    }
  }

  /** Somebody needs a key of some encoding. */
  void wantKey() {
    keyWanted = true;
  }

  /** Sends the next picture. */
  void sendPicture(long nowNanos) throws IOException {
    if (keyWanted && (!started || nowNanos - lastRestartNanos >= MIN_RESTART_NANOS)) {
      position = 0;
    }
    if (position % encodings.get(0).clip().length() == 0) {
      keyWanted = false;
      current = allowed;
      started = true;
      lastRestartNanos = nowNanos;
    }
    for (int i = 0; i < encodings.size(); i++) {
      send(i, encodings.get(i));
    }
    position++;
    picture++;
  }

  private void send(int index, Encoding encoding) throws IOException {
    if (!isSimulcast() || index <= current) {
      sendFrames(index, encoding);
    }
    encoding.sender().stream()
        .advance(MediaKind.VIDEO.clockRate() / encoding.clip().framesPerSecond());
  }

  private void sendFrames(int index, Encoding encoding) throws IOException {
    List<LayerFrame> frames = encoding.clip().picture(position);
    int top = frames.get(frames.size() - 1).spatialId();
    int highest = isSimulcast() ? top : Math.min(top, current);
    for (LayerFrame frame : frames) {
      List<byte[]> payloads = encoding.packetizer().packetize(frame.encoded());
      for (int i = 0; i < payloads.size(); i++) {
        boolean last = i == payloads.size() - 1;
        FramePacket packet =
            new FramePacket(
                payloads.get(i),
                index,
                picture,
                Integer.toUnsignedLong(encoding.sender().stream().timestamp()),
                encoding.clip(),
                frame,
                i == 0,
                last,
                last && frame.spatialId() == highest);
        // What is left out counts, for those who number frames.
        List<HeaderExtension> markings = encoding.markings().of(packet);
        if (frame.spatialId() <= highest) {
          output.send(
              encoding.sender().stream(),
              encoding
                  .sender()
                  .next(packet.payload(), packet.lastOfPicture(), markings, picture, frame));
        }
      }
    }
  }
}
