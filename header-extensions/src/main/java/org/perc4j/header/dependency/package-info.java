/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The dependency descriptor of the AV1 RTP specification (appendix A), for any codec: by it a
 * bridge learns which layers a frame belongs to, which earlier frames it needs and where a receiver
 * can go over to another layer.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.header.dependency;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
