/* SPDX-License-Identifier: Apache-2.0 */
/** Measurements that are run by hand; docs/benchmarks.md has the results. */
@NullMarked
@CheckReturnValue
package org.perc4j.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
