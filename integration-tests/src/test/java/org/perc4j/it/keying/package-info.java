/* SPDX-License-Identifier: Apache-2.0 */
/** Groups that agree on keys over a real XMPP server. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.keying;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
