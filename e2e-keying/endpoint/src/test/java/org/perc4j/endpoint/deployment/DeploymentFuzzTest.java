/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.perc4j.fuzzing.FuzzInput;

/** What people and web servers give: it is read or refused, and what is read can be used. */
class DeploymentFuzzTest {
  private static final MeetingUrl URL;

  private static final byte[] SCRIPT =
      """
      var subdomain = 'x'; if (subdomain) { subdomain = subdomain.substr(1) + '.'; }
      var config = { /* c */ hosts: { domain: 'a.b', muc: 'c.' + subdomain + `d`, },
        bosh: '//e/f', fun(a) { return /[/]/.test(a); }, p2p: { stun: [ { urls: 'g' } ] } };
      config['websocket'] = "wss://h/" + subdir + 'i' // j
      if (!config.x) config.hosts = {};
      """
          .getBytes(StandardCharsets.UTF_8);

  static {
    try {
      URL = MeetingUrl.parse("https://meet.example/tenant/Room");
    } catch (MeetingUrlException e) {
      throw new AssertionError(e);
    }
  }

  /** A script, whose addresses and domains are valid if it is not refused. */
  @FuzzTest
  void script(byte[] octets) {
    FuzzInput input = new FuzzInput(octets);
    byte[] script = input.flag() ? input.take(Integer.MAX_VALUE / 2) : input.mutated(SCRIPT);
    try {
      DeploymentConfiguration configuration =
          DeploymentConfiguration.parse(new String(script, StandardCharsets.UTF_8), URL);
      assertFalse(configuration.domain().isEmpty());
      assertFalse(configuration.roomDomain().isEmpty());
      assertNotNull(configuration.webSocket().getHost());
      assertNotNull(configuration.bosh().getHost());
      assertFalse(configuration.focusUser().isEmpty());
    } catch (DeploymentException e) {
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }
  }

  /** A URL, whose room can be an address, and whose host is one when it is read again. */
  @FuzzTest
  void url(byte[] octets) throws MeetingUrlException {
    MeetingUrl url;
    try {
      url = MeetingUrl.parse("https://" + new String(octets, StandardCharsets.UTF_8));
    } catch (MeetingUrlException e) {
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
      return;
    }
    assertTrue(url.room().chars().allMatch(c -> c > ' ' && c < 0x7F && "\"&'/:<>@".indexOf(c) < 0));
    MeetingUrl again = MeetingUrl.parse(url.toString());
    assertEquals(url.host(), again.host());
    assertEquals(url.port(), again.port());
    assertEquals(url.tenant(), again.tenant());
  }
}
