/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How an occupant of a Jitsi room and Jicofo agree on transports and sources: Jingle (XEP-0166).
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.jingle;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
