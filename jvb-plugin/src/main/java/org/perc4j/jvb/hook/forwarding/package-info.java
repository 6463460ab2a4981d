/* SPDX-License-Identifier: Apache-2.0 */
/** Who is sent what: double and plain are kept apart, and streams keep their SSRCs. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.forwarding;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
