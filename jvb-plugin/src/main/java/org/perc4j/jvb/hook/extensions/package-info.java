/* SPDX-License-Identifier: Apache-2.0 */
/** Header extensions that double packets keep. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.extensions;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
