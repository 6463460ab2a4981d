/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What taking part in a meeting costs and how fast it is, for applications with the library and
 * people with the client, beside those that do the same by other means.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.bench.call;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
