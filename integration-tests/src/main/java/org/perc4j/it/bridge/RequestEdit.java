/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a test tells the bridge of an endpoint, other than the harness would. */
@FunctionalInterface
public interface RequestEdit {
  /** Tells what the harness tells. */
  RequestEdit NONE = (endpoint, description) -> {};

  /**
   * Changes an endpoint's description in a colibri2 request, as JSON: first the one with its media,
   * later the one with its transport and sources.
   */
  void edit(String endpoint, ObjectNode description);
}
