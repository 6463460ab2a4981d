/* SPDX-License-Identifier: Apache-2.0 */
/** What may be a name, wherever names are read: nothing that cannot be told from another one. */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.name;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
