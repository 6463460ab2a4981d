/* SPDX-License-Identifier: Apache-2.0 */
/** What is known of a meeting, for whatever shows it to people. */
@NullMarked
@CheckReturnValue
package org.perc4j.client.meeting;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
