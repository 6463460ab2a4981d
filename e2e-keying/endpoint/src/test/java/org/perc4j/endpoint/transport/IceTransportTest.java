/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.ice4j.ice.harvest.HarvestConfig;
import org.junit.jupiter.api.Test;

class IceTransportTest {
  /** An endpoint has its addresses of itself and of the deployment's own servers. */
  @Test
  void doesNotAskAmazonForAddresses() throws Exception {
    SecureTransport.prepare();
    assertFalse(HarvestConfig.config.enableAwsHarvester());
  }
}
