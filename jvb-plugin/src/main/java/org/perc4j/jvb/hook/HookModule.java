/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import java.util.List;
import java.util.Optional;

/**
 * What goes into the bridge for one concern. All of it lies in one package: the module names the
 * methods and has the advice, its hooks do what the advice hands on.
 */
public interface HookModule {
  /** Where the names of the bridge's classes for media begin. */
  String NLJ = "org.jitsi.nlj.";

  /** Where the names of all its other classes begin. */
  String VIDEOBRIDGE = "org.jitsi.videobridge.";

  /** The descriptor of what a node of the bridge's pipelines does to a packet. */
  String NODE = "(Lorg/jitsi/nlj/PacketInfo;)Lorg/jitsi/nlj/PacketInfo;";

  /** Its name, for people: that of its package. */
  default String name() {
    String folder = getClass().getPackageName();
    return folder.substring(folder.lastIndexOf('.') + 1);
  }

  /**
   * What is lost on a bridge that it does not fit, as a sentence; empty if the plugin is not to be
   * installed there at all.
   */
  default Optional<String> lossWithout() {
    return Optional.empty();
  }

  /** Whether the plugin is not to be installed on a bridge that it does not fit. */
  default boolean isRequired() {
    return lossWithout().isEmpty();
  }

  /** The methods and the advice that goes into each. */
  List<Hook> hooks();

  /** What the bridge's objects remember for it. */
  default List<AddedState> states() {
    return List.of();
  }

  /** Called once, when all modules that fit the bridge are installed, before it runs. */
  default void start() {}
}
