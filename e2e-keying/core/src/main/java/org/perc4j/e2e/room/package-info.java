/* SPDX-License-Identifier: Apache-2.0 */
/** The conference's room, as the protocol sees it: who is there, and what they say. */
@CheckReturnValue
@NullMarked
package org.perc4j.e2e.room;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
