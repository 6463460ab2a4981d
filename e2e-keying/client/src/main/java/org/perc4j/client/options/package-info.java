/* SPDX-License-Identifier: Apache-2.0 */
/** What the client is told on the command line. */
@NullMarked
@CheckReturnValue
package org.perc4j.client.options;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
