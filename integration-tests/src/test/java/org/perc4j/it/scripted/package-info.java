/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A participant that sends exactly the packets that a test asks for, and shows every packet that
 * comes, layer by layer.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.scripted;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
