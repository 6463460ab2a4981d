/* SPDX-License-Identifier: Apache-2.0 */
/** What only tests may see of a session. */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.session;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
