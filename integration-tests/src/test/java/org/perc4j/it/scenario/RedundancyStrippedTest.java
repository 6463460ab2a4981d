/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.it.bridge.JvbProcess;

/** A bridge whose policy has redundancy stripped. */
@RequiresJvb(
    instance = "red-stripped",
    configuration =
        """
        jmt.audio.red { policy = STRIP, vad-only = false }
        """)
class RedundancyStrippedTest {
  @Test
  void stripsNoneOfDoubleSpeech(JvbProcess jvb) throws Exception {
    RedConference.run(jvb, "red-stripped", RedConference.RED, PayloadTypes.OPUS);
  }
}
