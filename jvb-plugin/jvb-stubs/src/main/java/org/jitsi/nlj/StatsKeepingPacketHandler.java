/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

/**
 * Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/PacketHandler.kt
 */
public abstract class StatsKeepingPacketHandler {}
