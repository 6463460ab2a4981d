/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A whole endpoint: it joins the room of a meeting's URL, becomes a member of its group, connects
 * to the bridge, and takes and gives encoded media.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.call;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
