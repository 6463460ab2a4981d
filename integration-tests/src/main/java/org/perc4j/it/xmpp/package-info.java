/* SPDX-License-Identifier: Apache-2.0 */
/** A real XMPP server for tests and demos. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.xmpp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
