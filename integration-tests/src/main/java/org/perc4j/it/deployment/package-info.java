/* SPDX-License-Identifier: Apache-2.0 */
/** A whole deployment behind its web server, and who joins its rooms by their URLs. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.deployment;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
