/* SPDX-License-Identifier: Apache-2.0 */
/** What endpoints send and record, without a network. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.endpoint;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
