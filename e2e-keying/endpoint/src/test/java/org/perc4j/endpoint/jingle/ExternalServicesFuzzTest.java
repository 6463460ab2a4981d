/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.perc4j.endpoint.relay.RelayService;
import org.perc4j.fuzzing.FuzzInput;

/** Services that a server tells of. */
class ExternalServicesFuzzTest {
  private static final List<String> ATTRIBUTES =
      List.of("type", "host", "port", "transport", "username", "password", "expires", "action");

  private static final String SECRET = "u7Kq0";

  /**
   * Attributes of services, each with its number before its text: what is taken is in range, and no
   * complaint has anything of a password.
   */
  @FuzzTest
  void services(byte[] octets) {
    FuzzInput input = new FuzzInput(octets);
    ExternalServiceList list = new ExternalServiceList();
    while (input.hasMore()) {
      Map<String, String> service = new HashMap<>(Map.of("type", "turn", "host", "h"));
      service.put("username", "u");
      service.put("password", SECRET);
      for (int i = input.below(ATTRIBUTES.size()); i > 0; i--) {
        service.put(
            ATTRIBUTES.get(input.below(ATTRIBUTES.size())),
            new String(input.vector(), StandardCharsets.UTF_8));
      }
      list.add(service::get);
    }
    assertTrue(list.usable().size() <= ExternalServiceList.MAX_SERVICES);
    assertTrue(list.complaints().size() <= ExternalServiceList.MAX_SERVICES);
    for (RelayService service : list.usable()) {
      assertTrue(service.port() >= 1 && service.port() <= 65535);
      assertEquals(1, service.uri().lines().count());
      assertFalse(service.kind().isRelay() && service.password() == null);
    }
    assertFalse(list.complaints().toString().contains(SECRET));
  }
}
