/* SPDX-License-Identifier: Apache-2.0 */
/** Keeps what comes of a call in files, as it came: decrypted, not encoded anew. */
@NullMarked
@CheckReturnValue
package org.perc4j.client.recording;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
