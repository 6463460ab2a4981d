/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of what the measurements listen to. */
@NullMarked
package org.perc4j.it.speech;

import org.jspecify.annotations.NullMarked;
