/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import java.util.List;

/**
 * What goes into the bridge for one concern. All of it lies in one package: the module names the
 * methods and has the advice, its hooks do what the advice hands on.
 */
public interface HookModule {
  /** Where the names of the bridge's classes for media begin. */
  String NLJ = "org.jitsi.nlj.";

  /** Where the names of all its other classes begin. */
  String VIDEOBRIDGE = "org.jitsi.videobridge.";

  /** The methods and the advice that goes into each. */
  List<HookPoint> points();

  /** What the bridge's objects remember for it. */
  default List<AddedState> states() {
    return List.of();
  }
}
