/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

/**
 * Where advice hands in what it threw. A class of its own, as it is looked up by reflection while
 * bridge classes are being changed, and that must not load the classes in other signatures.
 */
public final class FailureReport {
  private FailureReport() {}

  /** Counts a failure. */
  public static void failed(Throwable failure) {
    Plugin.failed(failure);
  }
}
