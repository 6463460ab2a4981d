/* SPDX-License-Identifier: Apache-2.0 */
/** What audio levels and packet sizes tell a bridge. */
@NullMarked
@CheckReturnValue
package org.perc4j.bench.activity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
