/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of what endpoint and bridge tell each other. */
@NullMarked
package org.perc4j.endpoint.signalling;

import org.jspecify.annotations.NullMarked;
