/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A small selective forwarder for where no Jitsi Videobridge is installed: real sockets, ICE and
 * DTLS, and the outer layer of perc4j's plugin, without the bridge that the plugin is made for.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.embedded;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
