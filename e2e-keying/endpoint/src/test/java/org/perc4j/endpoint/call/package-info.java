/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of Jingle. */
@NullMarked
package org.perc4j.endpoint.call;

import org.jspecify.annotations.NullMarked;
