/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of payload formats. */
@NullMarked
package org.perc4j.endpoint.media;

import org.jspecify.annotations.NullMarked;
