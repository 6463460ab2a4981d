/* SPDX-License-Identifier: Apache-2.0 */
/** Frames and layers of video that the bridge cannot read, and which of them go on. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.video;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
