/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.security.SecureRandom;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.web.WebClient;

/** Whom those who take part in a benchmark trust. */
final class Trust {
  private Trust() {}

  /** Returns options of somebody new, who believes everybody. */
  static JoinOptions believing(String name, WebClient web) {
    return JoinOptions.of(EndpointIdentity.generate(name, new SecureRandom()), credential -> {})
        .withWeb(web);
  }
}
