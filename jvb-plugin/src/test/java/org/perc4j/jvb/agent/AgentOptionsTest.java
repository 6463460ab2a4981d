/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.header.srtp.DoubleSrtpProfile;

class AgentOptionsTest {
  @Test
  void isOnWithBothProfilesWithoutAnyConfiguration() {
    assertEquals(
        new AgentOptions(true, List.of(DoubleSrtpProfile.values()), false), AgentOptions.load());
  }

  @Test
  void readsEverySetting() {
    assertEquals(
        new AgentOptions(
            false, List.of(DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM), true),
        options(
            """
            enabled = false
            profiles = [DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM]
            mixed-policy = double-only
            """));
  }

  @Test
  void refusesAnUnknownProfile() {
    assertThrows(ConfigException.BadValue.class, () -> options("profiles = [AES_ROT13]"));
  }

  @Test
  void refusesAnEmptyListOfProfiles() {
    assertThrows(ConfigException.BadValue.class, () -> options("profiles = []"));
  }

  @Test
  void refusesAnUnknownPolicy() {
    assertThrows(ConfigException.BadValue.class, () -> options("mixed-policy = mingle"));
  }

  @Test
  void refusesAValueOfAnotherType() {
    assertThrows(ConfigException.WrongType.class, () -> options("enabled = [1]"));
  }

  private static AgentOptions options(String hocon) {
    Config config = ConfigFactory.parseString("videobridge.perc {\n" + hocon + "\n}");
    return AgentOptions.of(config.withFallback(ConfigFactory.defaultReference()).resolve());
  }
}
