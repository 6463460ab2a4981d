/* SPDX-License-Identifier: Apache-2.0 */
/** The client-to-mixer audio level (RFC 6464), by which a bridge learns who is speaking. */
@NullMarked
@CheckReturnValue
package org.perc4j.header.audiolevel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
