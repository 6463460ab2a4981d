/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

/**
 * A header extension of a packet (RFC 8285).
 *
 * @param id as it was signalled
 * @param octets not copied
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record HeaderExtension(int id, byte[] octets) {}
