/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of how the library is built. */
@NullMarked
package org.perc4j.endpoint;

import org.jspecify.annotations.NullMarked;
