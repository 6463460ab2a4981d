/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of streams over WebSocket and BOSH, with servers that do not keep to the protocols. */
@NullMarked
package org.perc4j.endpoint.web;

import org.jspecify.annotations.NullMarked;
