/* SPDX-License-Identifier: Apache-2.0 */
/** What is shipped. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.packaging;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
