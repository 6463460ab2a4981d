/* SPDX-License-Identifier: Apache-2.0 */
/** Reads the protocol's elements for Smack. */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.xmpp.provider;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
