/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of Jingle. */
@NullMarked
package org.perc4j.endpoint.jingle;

import org.jspecify.annotations.NullMarked;
