/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of STUN and TURN. */
@NullMarked
package org.perc4j.endpoint.relay;

import org.jspecify.annotations.NullMarked;
