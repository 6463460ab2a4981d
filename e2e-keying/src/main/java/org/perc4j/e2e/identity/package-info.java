/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a JVM keeps of identities, its own and those of people it has met: files, and private keys
 * that JCA holds.
 */
@CheckReturnValue
@NullMarked
package org.perc4j.e2e.identity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
