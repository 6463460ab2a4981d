/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

/**
 * What comes out of a pipeline.
 *
 * @param octets owned by whoever gets it
 * @param ptsNanos presentation time, -1 for none
 * @param width in pixels, 0 for sound
 * @param height in pixels, 0 for sound
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Frame(byte[] octets, long ptsNanos, int width, int height) {}
