/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.links;

import java.io.IOException;
import java.util.List;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/** Video of which a bridge can leave something out, in three sizes. */
public enum LayeredVideo {
  /** An encoding for each size. */
  VP8_SIMULCAST("VP8 simulcast", VideoCodec.VP8),
  /**
   * One encoding in spatial layers. Not in flexible mode, in which a stock bridge takes the highest
   * layer for a third of what it is: 0.14 of 0.43 Mbit/s.
   */
  VP9_SVC("VP9 SVC", VideoCodec.VP9),
  /** One encoding in spatial layers. */
  AV1_SVC("AV1 SVC", VideoCodec.AV1),
  /** {@link #VP8_SIMULCAST} of pictures in which little moves, at half the rate. */
  VP8_SIMULCAST_OF_LITTLE("VP8 simulcast of little", VideoCodec.VP8);

  /** How many sizes there are. */
  public static final int SIZES = 3;

  private final String text;
  private final VideoCodec codec;

  LayeredVideo(String text, VideoCodec codec) {
    this.text = text;
    this.codec = codec;
  }

  /** Returns its encodings, lowest first. */
  List<LayeredClip> encodings() throws IOException {
    return this == VP8_SIMULCAST_OF_LITTLE ? Clips.simulcast() : Clips.camera(codec);
  }

  /**
   * Has an endpoint send it, with what a bridge needs to know: of double streams markings, of plain
   * ones what browsers say, which is nothing but for AV1.
   */
  EndpointOptions shownBy(EndpointOptions options, boolean isDouble) throws IOException {
    List<LayeredClip> encodings = encodings();
    EndpointOptions showing =
        options
            .layers(encodings.toArray(LayeredClip[]::new))
            .vp9Mode(Vp9Payload.Mode.NON_FLEXIBLE)
            .profiles(profile(isDouble));
    if (this == AV1_SVC || (isDouble && this == VP9_SVC)) {
      return showing.markings(PayloadMarkings.descriptors(encodings));
    }
    return isDouble ? showing.markings(PayloadMarkings.frameMarkings(encodings)) : showing;
  }

  static SrtpProfile profile(boolean isDouble) {
    return isDouble ? SrtpProfile.DOUBLE_AEAD_AES_128_GCM : SrtpProfile.AEAD_AES_128_GCM;
  }

  @Override
  public String toString() {
    return text;
  }
}
