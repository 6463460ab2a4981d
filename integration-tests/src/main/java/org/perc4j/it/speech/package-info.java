/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Speech to measure with: made-up meetings and phrases, spoken by espeak-ng or put together from
 * recordings, always the same for the same seed.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.speech;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
