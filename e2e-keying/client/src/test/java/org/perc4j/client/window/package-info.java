/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
@CheckReturnValue
package org.perc4j.client.window;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
