/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The little of GStreamer that the client needs, called by JNA: pipelines from descriptions, octets
 * out of and into them, their errors. No signals and no main loop: whoever wants something asks,
 * and native objects are freed by those who have them, not by the garbage collector.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.client.gstreamer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
