/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.forwarding;

import org.jitsi.videobridge.AbstractEndpoint;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.signalling.ReceiverView;

/** Added, with a field, to the bridge's endpoints. */
public interface ViewHolder {
  /** Whom the endpoint cannot be sent anything of; null for nobody. */
  @Nullable ReceiverView<AbstractEndpoint> perc4jView();

  /** Sets it. */
  void perc4jView(ReceiverView<AbstractEndpoint> view);
}
