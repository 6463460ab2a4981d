/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.extensions;

import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.signalling.RetainedExtensions;

/** Added, with a field, to the bridge's node that strips header extensions. */
public interface ExtensionRetainer {
  /** What to keep on double packets; null while the node is being made. */
  @Nullable RetainedExtensions perc4jRetained();

  /** Sets it. */
  void perc4jRetained(RetainedExtensions retained);
}
