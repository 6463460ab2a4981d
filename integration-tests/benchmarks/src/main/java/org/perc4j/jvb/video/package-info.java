/* SPDX-License-Identifier: Apache-2.0 */
/** Measurements of what only this package sees. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.video;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
