/* SPDX-License-Identifier: Apache-2.0 */
/** What endpoint and bridge have to know of each other: transports, sources, wishes. */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.signalling;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
