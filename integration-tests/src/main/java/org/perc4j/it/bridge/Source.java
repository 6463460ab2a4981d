/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

/**
 * A source as signalled.
 *
 * @param owner the endpoint's identifier
 * @param name unique in the conference
 * @param ssrc of the media
 * @param rtxSsrc of the repair stream (RFC 4588), or 0 if there is none
 */
public record Source(String owner, String name, MediaKind kind, int ssrc, int rtxSsrc) {}
