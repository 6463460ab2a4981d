/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.agent;

import com.google.errorprone.annotations.Keep;
import java.lang.instrument.Instrumentation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.compat.ModuleFit;
import org.perc4j.jvb.compat.ReferenceCheck;
import org.perc4j.jvb.hook.HookInstaller;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.signalling.ProfileOffer;

/**
 * Entry point of the Java agent. Either everything is installed that the plugin cannot do without,
 * or nothing is: a configuration that cannot be read, or a bridge that does not match what those
 * hooks expect, is reported, left untouched and never negotiates double.
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
    List<ModuleFit> fits =
        ReferenceCheck.against(ClassLoader.getSystemClassLoader()).fits(HookModules.all());
    Set<String> refusals = new TreeSet<>();
    for (ModuleFit fit : fits) {
      if (fit.module().isRequired()) {
        refusals.addAll(fit.mismatches());
      }
    }
    if (!refusals.isEmpty()) {
      for (String mismatch : refusals) {
        logger.severe("perc4j does not know this Jitsi Videobridge: " + mismatch);
      }
      logger.severe(
          "perc4j is not installed, double SRTP will not be negotiated: mismatches: "
              + refusals.size());
      return;
    }
    ProfileOffer offer = new ProfileOffer(options.profiles(), options.doubleOnly());
    Plugin.start(offer, new BridgeCounters(), states(fits));
    List<ModuleFit> installed = fits.stream().filter(ModuleFit::fits).toList();
    List<String> tooLate =
        HookInstaller.install(
            instrumentation,
            installed.stream().flatMap(fit -> fit.points().stream()).toList(),
            installed.stream().flatMap(fit -> fit.module().states().stream()).toList(),
            offer::withdraw);
    if (!tooLate.isEmpty()) {
      logger.severe("perc4j is not installed, these classes were loaded before it: " + tooLate);
      return;
    }
    for (ModuleFit fit : installed) {
      start(fit.module());
    }
    logger.info(
        "perc4j "
            + PercAgent.class.getPackage().getImplementationVersion()
            + " is installed; double profiles: "
            + options.profiles()
            + (options.doubleOnly() ? "; others are refused" : ""));
  }

  private static void start(HookModule module) {
    try {
      module.start();
    } catch (RuntimeException | LinkageError e) {
      logger.log(Level.WARNING, "perc4j goes without part of " + module.name() + ": " + e, e);
    }
  }

  /** Tells what is left out on this bridge, and returns which modules are on. */
  private static Map<String, String> states(List<ModuleFit> fits) {
    Map<String, String> states = new LinkedHashMap<>();
    for (ModuleFit fit : fits) {
      if (fit.fits()) {
        states.put(fit.module().name(), "on");
      } else {
        String loss = fit.module().lossWithout().orElseThrow();
        states.put(fit.module().name(), "off: " + loss);
        for (String mismatch : fit.mismatches()) {
          logger.warning("perc4j goes without " + fit.module().name() + ": " + mismatch);
        }
        logger.warning("perc4j goes without " + fit.module().name() + ", so " + loss);
      }
    }
    return states;
  }
}
