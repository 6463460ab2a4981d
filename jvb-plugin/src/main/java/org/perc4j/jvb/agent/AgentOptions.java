/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * What {@code videobridge.perc} in {@code jvb.conf} says; the plugin's {@code reference.conf}
 * documents it and holds the defaults.
 *
 * @param enabled whether to install anything at all
 * @param profiles the double profiles to offer, best first, no duplicates, not empty
 * @param doubleOnly whether endpoints that do not ask for a double profile are refused
 */
record AgentOptions(boolean enabled, List<DoubleSrtpProfile> profiles, boolean doubleOnly) {
  private static final String PATH = "videobridge.perc";

  /**
   * Reads the bridge's own configuration.
   *
   * @throws ConfigException if a value is missing, of the wrong type or unknown
   */
  static AgentOptions load() {
    Config config = ConfigFactory.load(AgentOptions.class.getClassLoader());
    // The bridge may still set system properties before it reads its configuration itself.
    ConfigFactory.invalidateCaches();
    return of(config);
  }

  /** Reads a configuration that was loaded already; throws as {@link #load()}. */
  static AgentOptions of(Config config) {
    Config perc = config.getConfig(PATH);
    return new AgentOptions(
        perc.getBoolean("enabled"), profiles(perc), doubleOnly(perc, "mixed-policy"));
  }

  private static List<DoubleSrtpProfile> profiles(Config perc) {
    LinkedHashSet<DoubleSrtpProfile> profiles = new LinkedHashSet<>();
    for (String name : perc.getStringList("profiles")) {
      try {
        profiles.add(DoubleSrtpProfile.valueOf(name));
      } catch (IllegalArgumentException e) {
        throw new ConfigException.BadValue(
            perc.origin(), PATH + ".profiles", "no double SRTP profile is called " + name, e);
      }
    }
    if (profiles.isEmpty()) {
      throw new ConfigException.BadValue(perc.origin(), PATH + ".profiles", "empty");
    }
    return new ArrayList<>(profiles);
  }

  private static boolean doubleOnly(Config perc, String path) {
    String value = perc.getString(path);
    return switch (value) {
      case "separate" -> false;
      case "double-only" -> true;
      default ->
          throw new ConfigException.BadValue(
              perc.origin(),
              PATH + "." + path,
              "is " + value + ", must be separate or double-only");
    };
  }
}
