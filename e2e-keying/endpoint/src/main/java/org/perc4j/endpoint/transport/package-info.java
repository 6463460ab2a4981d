/* SPDX-License-Identifier: Apache-2.0 */
/** How an endpoint reaches the bridge: ICE, DTLS, and SRTP with one layer or two. */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.transport;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
