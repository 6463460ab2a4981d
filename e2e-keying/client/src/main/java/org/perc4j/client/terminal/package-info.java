/* SPDX-License-Identifier: Apache-2.0 */
/** The client on a terminal. */
@NullMarked
@CheckReturnValue
package org.perc4j.client.terminal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
