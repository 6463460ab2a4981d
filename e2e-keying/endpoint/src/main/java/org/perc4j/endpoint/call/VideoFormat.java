/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.util.List;
import org.perc4j.e2e.marking.Av1Marker;
import org.perc4j.e2e.marking.FrameMarker;
import org.perc4j.e2e.marking.H264Marker;
import org.perc4j.e2e.marking.SvcLayers;
import org.perc4j.e2e.marking.Vp8Marker;
import org.perc4j.e2e.marking.Vp9Marker;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;

/**
 * How pictures are encoded.
 *
 * @param layers lowest first, 1 to 3: of VP8 and H.264 one encoding for each, of VP9 and AV1 one
 *     spatial layer for each in one encoding
 * @param temporalLayers 1 to 3
 */
public record VideoFormat(VideoCodec codec, List<Layer> layers, int temporalLayers) {
  private static final int MOST = 3;
  private static final int MAX_SIDE = 16_384;

  /**
   * An encoding, or a spatial layer.
   *
   * @param width in pixels, 1 to 16,384
   * @param height in pixels, 1 to 16,384
   * @param bitsPerSecond what it takes by itself; where there is no room for it, it is left out
   */
  public record Layer(int width, int height, int bitsPerSecond) {
    /** Checks the ranges. */
    public Layer {
      if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE || bitsPerSecond < 1) {
        throw new IllegalArgumentException(
            width + "x" + height + " with " + bitsPerSecond + " bit/s");
      }
    }
  }

  /** Copies the list. */
  public VideoFormat {
    layers = List.copyOf(layers);
    if (layers.isEmpty() || layers.size() > MOST || temporalLayers < 1 || temporalLayers > MOST) {
      throw new IllegalArgumentException(
          layers.size() + " layers, " + temporalLayers + " temporal ones");
    }
  }

  /** Returns whether all layers are in one encoding. */
  public boolean isScalable() {
    return codec == VideoCodec.VP9 || codec == VideoCodec.AV1;
  }

  /** Returns how many encodings there are. */
  public int encodings() {
    return isScalable() ? 1 : layers.size();
  }

  LayerPacketizer packetizer(int pictureId, int maxBytes) {
    if (codec != VideoCodec.VP9) {
      return new LayerPacketizer(codec, pictureId, maxBytes);
    }
    List<Vp9Payload.Size> sizes =
        layers.stream().map(layer -> new Vp9Payload.Size(layer.width(), layer.height())).toList();
    return LayerPacketizer.ofVp9(new Vp9Payload.Structure(sizes, List.of()), pictureId, maxBytes);
  }

  FrameMarker marker() {
    return switch (codec) {
      case VP8 -> new Vp8Marker(temporalLayers);
      case H264 -> new H264Marker(temporalLayers);
      case VP9 -> new Vp9Marker(SvcLayers.full(layers.size(), temporalLayers));
      case AV1 -> new Av1Marker(SvcLayers.full(layers.size(), temporalLayers));
    };
  }
}
