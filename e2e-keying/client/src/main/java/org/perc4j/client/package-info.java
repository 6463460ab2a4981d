/* SPDX-License-Identifier: Apache-2.0 */
/** A client for people: it joins a meeting by its URL, with devices or files, on a terminal. */
@NullMarked
@CheckReturnValue
package org.perc4j.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
