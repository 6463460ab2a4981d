/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What tests and demo run on: bounded waiting, a network of their own, links of limited rate, the
 * search for octets in memory dumps.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.harness;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
