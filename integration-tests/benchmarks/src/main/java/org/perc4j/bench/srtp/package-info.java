/* SPDX-License-Identifier: Apache-2.0 */
/** What protecting and unprotecting a packet costs an endpoint, beside other implementations. */
@NullMarked
@CheckReturnValue
package org.perc4j.bench.srtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
