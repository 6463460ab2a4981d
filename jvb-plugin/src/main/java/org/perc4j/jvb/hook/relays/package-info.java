/* SPDX-License-Identifier: Apache-2.0 */
/** What links between bridges keep of packets. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.relays;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
