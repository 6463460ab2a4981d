/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.agent;

import com.google.errorprone.annotations.Keep;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.compat.ReferenceCheck;
import org.perc4j.jvb.hook.HookInstaller;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.signalling.ProfileOffer;

/**
 * Entry point of the Java agent. Either everything is installed, or nothing is: a configuration
 * that cannot be read, or a bridge that does not match what the hooks expect, is reported, left
 * untouched and never negotiates double.
 */
public final class PercAgent {
  private static final Logger logger = Logger.getLogger(PercAgent.class.getName());

  private PercAgent() {}

  /**
   * Called by the JVM before the bridge's {@code main}. Never throws: the bridge runs on, as stock.
   *
   * @param arguments unused; the configuration is in {@code jvb.conf}
   * @param instrumentation the JVM's
   */
  @Keep
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    try {
      install(instrumentation);
    } catch (Throwable t) {
      logger.log(
          Level.SEVERE, "perc4j is not installed, double SRTP will not be negotiated: " + t, t);
    }
  }

  private static void install(Instrumentation instrumentation) {
    AgentOptions options = AgentOptions.load();
    if (!options.enabled()) {
      logger.info("perc4j is not installed: videobridge.perc.enabled is false");
      return;
    }
    List<String> mismatches =
        ReferenceCheck.against(ClassLoader.getSystemClassLoader()).mismatches(HookModules.all());
    if (!mismatches.isEmpty()) {
      for (String mismatch : mismatches) {
        logger.severe("perc4j does not know this Jitsi Videobridge: " + mismatch);
      }
      logger.severe(
          "perc4j is not installed, double SRTP will not be negotiated: mismatches: "
              + mismatches.size());
      return;
    }
    ProfileOffer offer = new ProfileOffer(options.profiles(), options.doubleOnly());
    Plugin.start(offer, new BridgeCounters());
    List<String> tooLate =
        HookInstaller.install(instrumentation, HookModules.all(), offer::withdraw);
    if (!tooLate.isEmpty()) {
      logger.severe("perc4j is not installed, these classes were loaded before it: " + tooLate);
      return;
    }
    logger.info(
        "perc4j "
            + PercAgent.class.getPackage().getImplementationVersion()
            + " is installed; double profiles: "
            + options.profiles()
            + (options.doubleOnly() ? "; others are refused" : ""));
  }
}
