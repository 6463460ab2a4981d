/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.rtp.PictureReader;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** Pictures of real encoders in a room where markers are their senders'. */
class PictureReaderTest {
  private static final int MAX_BYTES = 300;
  private static final int PICTURES = 16;

  private final List<List<byte[]>> came = new ArrayList<>();
  private long order = 0x10000;

  private void send(PictureReader reader, LayeredClip clip, int picture, int layers)
      throws IOException {
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.FLEXIBLE, 0, MAX_BYTES);
    for (LayerFrame frame : clip.picture(picture)) {
      List<byte[]> payloads = packetizer.packetize(frame.encoded());
      for (int i = 0; i < payloads.size() && frame.spatialId() < layers; i++) {
        boolean marker = i == payloads.size() - 1 && frame.spatialId() == clip.spatialLayers() - 1;
        reader.add(
            1, new ReorderBuffer.Packet(order++, 3000L * picture, marker, payloads.get(i), 0));
      }
    }
  }

  private List<List<byte[]>> read(
      VideoCodec codec, PictureReader.Marker marker, LayeredClip clip, int layers, int behind)
      throws IOException {
    came.clear();
    PictureReader reader =
        new PictureReader(codec, marker, (frames, isKey, timestamp) -> came.add(frames));
    for (int picture = 0; picture < PICTURES; picture++) {
      send(reader, clip, picture, layers);
      assertEquals(picture + 1 - behind, came.size());
    }
    return List.copyOf(came);
  }

  private static void assertSame(List<List<byte[]>> expected, List<List<byte[]>> pictures) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).size(), pictures.get(i).size());
      for (int layer = 0; layer < expected.get(i).size(); layer++) {
        assertArrayEquals(expected.get(i).get(layer), pictures.get(i).get(layer));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void handsTheSamePicturesOutAPictureEarlier(VideoCodec codec) throws IOException {
    LayeredClip clip = Clips.layered(codec);
    int layers = clip.spatialLayers();
    assertSame(
        read(codec, PictureReader.Marker.OF_BRIDGE, clip, layers, 1),
        read(codec, PictureReader.Marker.OF_SENDER, clip, layers, 0));
  }

  /** The bridge leaves out the highest layer, and the marker with it. */
  @ParameterizedTest
  @EnumSource(
      value = VideoCodec.class,
      names = {"VP9", "AV1"})
  void waitsForTheNextPictureWithoutTheHighestLayer(VideoCodec codec) throws IOException {
    LayeredClip clip = Clips.layered(codec);
    int layers = clip.spatialLayers() - 1;
    assertSame(
        read(codec, PictureReader.Marker.OF_BRIDGE, clip, layers, 1),
        read(codec, PictureReader.Marker.OF_SENDER, clip, layers, 1));
  }
}
