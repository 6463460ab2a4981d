/* SPDX-License-Identifier: Apache-2.0 */
/** What attackers do: a bridge with all hop keys, and somebody in a bridge's place. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.attack;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
