/* SPDX-License-Identifier: Apache-2.0 */
/** Projection of double video streams towards a receiver, knowing nothing of their payload. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.video;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
