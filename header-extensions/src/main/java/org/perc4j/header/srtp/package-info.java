/* SPDX-License-Identifier: Apache-2.0 */
/** The protection profiles of double SRTP (RFC 8723 section 10.1). */
@NullMarked
@CheckReturnValue
package org.perc4j.header.srtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
