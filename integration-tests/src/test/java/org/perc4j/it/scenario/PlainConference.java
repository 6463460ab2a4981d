/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.PictureClip;

/**
 * A conference without end-to-end encryption, which must work with perc4j in the bridge as it does
 * without.
 */
final class PlainConference {
  private static final int PACKETS = 100;
  private static final int MANY_FRAMES = 200;

  private PlainConference() {}

  static void run(JvbProcess jvb, String scenario) throws IOException, InterruptedException {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint one =
          conference.join(Checks.talker(scenario, 1).profiles(SrtpProfile.AEAD_AES_128_GCM));
      Endpoint two =
          conference.join(
              Checks.talker(scenario, 2)
                  .setup(DtlsSetup.PASSIVE)
                  .profiles(SrtpProfile.AES128_CM_HMAC_SHA1_80));
      endpoints = List.of(one, two);
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      for (Endpoint sender : endpoints) {
        for (Endpoint receiver : endpoints) {
          if (sender != receiver) {
            // The bridge sees, and rewrites, the payload descriptors of plain VP8: audio is what
            // can be compared.
            Delivery audio = conference.delivery(sender, MediaKind.AUDIO, receiver);
            assertTrue(audio.arrived() > 0, audio.toString());
            assertEquals(0, audio.foreign() + audio.missing(), audio.toString());
          }
        }
      }
    }
    assertFrames(Checks.received(endpoints.get(0), endpoints.get(1), MediaKind.VIDEO).frames(), 2);
    assertFrames(Checks.received(endpoints.get(1), endpoints.get(0), MediaKind.VIDEO).frames(), 1);
    Checks.assertDecodable(endpoints);
  }

  private static void assertFrames(List<byte[]> frames, int picture) throws IOException {
    PictureClip clip = Clips.picture(picture);
    Set<String> sent = new HashSet<>();
    for (int i = 0; i < MANY_FRAMES; i++) {
      sent.add(HexFormat.of().formatHex(clip.frame(i)));
    }
    assertTrue(!frames.isEmpty(), "no frames");
    for (byte[] frame : frames) {
      assertTrue(sent.contains(HexFormat.of().formatHex(frame)), "a foreign frame");
    }
  }
}
