/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of congestion control, in virtual time. */
@NullMarked
package org.perc4j.endpoint.congestion;

import org.jspecify.annotations.NullMarked;
