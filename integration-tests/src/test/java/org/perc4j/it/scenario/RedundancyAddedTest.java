/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.it.bridge.JvbProcess;

/** A bridge whose policy has redundancy added. */
@RequiresJvb(instance = SilenceTest.INSTANCE, configuration = SilenceTest.CONFIGURATION)
class RedundancyAddedTest {
  @Test
  void addsNoneOfDoubleSpeech(JvbProcess jvb) throws Exception {
    RedConference.run(jvb, "red-added", PayloadTypes.OPUS, RedConference.RED);
  }
}
