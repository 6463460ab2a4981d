/* SPDX-License-Identifier: Apache-2.0 */
/** Whether figures show what they should. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
