/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.signalling.ProfileOffer;

/**
 * What all hooks work with. Set once, by {@link #start}, before any class of the bridge is loaded.
 * Thread-safe.
 */
public final class Plugin {
  private static final Logger logger = Logger.getLogger(Plugin.class.getName());

  private static ProfileOffer offer = new ProfileOffer(List.of(), false);
  private static BridgeCounters counters = new BridgeCounters();
  private static Map<String, String> modules = Map.of();

  private Plugin() {}

  /**
   * Sets what the hooks work with.
   *
   * @param profileOffer what is negotiated
   * @param bridgeCounters what is counted
   * @param moduleStates the name of each hook module, and whether it is on
   */
  public static void start(
      ProfileOffer profileOffer, BridgeCounters bridgeCounters, Map<String, String> moduleStates) {
    offer = profileOffer;
    counters = bridgeCounters;
    modules = moduleStates;
  }

  /** What is negotiated. */
  public static ProfileOffer offer() {
    return offer;
  }

  /** What is counted. */
  public static BridgeCounters counters() {
    return counters;
  }

  /** Which hook modules there are, and whether each is on, for people. */
  public static Map<String, String> modules() {
    return modules;
  }

  /** Counts, and says yes: the last term of a condition. */
  public static boolean counted(BridgeCounter reason) {
    counters.count(reason);
    return true;
  }

  /** A hook threw this; the bridge goes on as if the hook were not there. */
  public static void failed(Throwable failure) {
    counters.count(BridgeCounter.HOOK_FAILURES);
    logger.log(Level.FINE, "a hook failed", failure);
  }

  /** Says yes to whoever asks whether to drop a packet and cannot be told because of a failure. */
  public static boolean dropped(RuntimeException failure) {
    counters.countPacketLostToFailure();
    logger.log(Level.FINE, "a hook failed", failure);
    return true;
  }
}
