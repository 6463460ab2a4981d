/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of the transport. */
@NullMarked
package org.perc4j.endpoint.transport;

import org.jspecify.annotations.NullMarked;
