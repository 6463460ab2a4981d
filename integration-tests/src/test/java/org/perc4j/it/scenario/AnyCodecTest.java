/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;

/**
 * A bridge that reads no payload does not care which codec made it. The pictures are VP8 all the
 * same; the bridge is told otherwise, and would choke on them if it looked.
 */
@RequiresJvb
class AnyCodecTest {
  private static final int PACKETS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"VP9", "H264", "AV1", "H265"})
  void carriesVideoOf(String codec, JvbProcess jvb) throws Exception {
    List<Endpoint> endpoints;
    String scenario = "codec-" + codec;
    try (Conference conference = new Conference(new Calling(jvb, codec), scenario)) {
      endpoints =
          List.of(
              conference.join(Checks.talker(scenario, 1)),
              conference.join(Checks.talker(scenario, 2)));
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(jvb);
    Checks.assertDecodable(endpoints);
  }

  /** A bridge that hears another name for the pictures' codec. */
  private record Calling(JvbProcess jvb, String codec) implements Bridge {
    @Override
    public String description() {
      return jvb.description();
    }

    @Override
    public Room createRoom(String name) {
      return jvb.createRoom(name, (endpoint, description) -> rename(description));
    }

    private void rename(ObjectNode description) {
      for (JsonNode media : description.path("medias")) {
        for (JsonNode type : media.path("payload-types")) {
          if (type.path("id").asInt() == PayloadTypes.VP8) {
            ObjectNode unused = ((ObjectNode) type).put("name", codec);
          }
        }
      }
    }

    @Override
    public void close() {
      // The bridge outlives the conference.
    }
  }
}
