/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The conference's group (MLS, RFC 9420): who is in it, which epoch it is in, and what is derived
 * from the epoch's secret. Messages are octets; how they travel is not known here.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.mls;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
