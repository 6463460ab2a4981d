/* SPDX-License-Identifier: Apache-2.0 */
/** A conference participant without a user interface, and the account of what reached whom. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.endpoint;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
