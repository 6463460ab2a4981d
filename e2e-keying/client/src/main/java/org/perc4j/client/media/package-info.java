/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is recorded and encoded on its way to a call, and what comes of one on its way to
 * loudspeakers and pictures. Knows nothing of windows and terminals.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.client.media;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
