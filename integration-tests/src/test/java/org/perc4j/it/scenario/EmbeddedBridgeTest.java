/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The scenarios of double conferences on the embedded bridge: the plugin's side of double SRTP
 * without a Jitsi Videobridge around it. Wherever a bridge is installed they run on that one, too.
 */
class EmbeddedBridgeTest {
  @Nested
  @ExtendWith(EmbeddedBridgeExtension.class)
  class Conferences extends DoubleConferenceTest {}

  @Nested
  @ExtendWith(EmbeddedBridgeExtension.class)
  class Layers extends DoubleLayersTest {}

  @Nested
  @ExtendWith(EmbeddedBridgeExtension.class)
  class LossyNetworks extends LossyNetworkTest {}

  @Nested
  @ExtendWith(EmbeddedBridgeExtension.class)
  class Rollovers extends RolloverTest {}

  @Nested
  @ExtendWith(EmbeddedBridgeExtension.class)
  class DominantSpeakers extends DominantSpeakerTest {}

  @Nested
  @ExtendWith(EmbeddedBridgeExtension.class)
  class Memberships extends MembershipTest {}
}
