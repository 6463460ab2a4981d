/* SPDX-License-Identifier: Apache-2.0 */
/** Which SRTP profiles the bridge offers and accepts, and to whom. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.signalling;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
