/* SPDX-License-Identifier: Apache-2.0 */
/** Recorded media, and recordings of what was received. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.media;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
