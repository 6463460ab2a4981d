/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How an occupant of the room becomes a member of the group and stays in step with it
 * (docs/protocol.md): decided by events and time alone, without input, output or threads of its
 * own.
 */
@CheckReturnValue
@NullMarked
package org.perc4j.e2e.protocol;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
