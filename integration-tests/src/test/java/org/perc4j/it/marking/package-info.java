/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What senders mark, against what encoders were told and what a bridge reads in the same packets.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.marking;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
