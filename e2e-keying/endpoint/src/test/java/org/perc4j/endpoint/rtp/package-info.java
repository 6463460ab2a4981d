/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of RTCP, and of the ways of packets. */
@NullMarked
package org.perc4j.endpoint.rtp;

import org.jspecify.annotations.NullMarked;
