/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The endpoint's double SRTP transform (RFC 8723) with AES-GCM in both layers (RFC 7714).
 *
 * <pre>
 *   sender    {@link org.perc4j.e2e.srtp.InnerSender}    RTP      -&gt; header | inner ciphertext | inner tag | OHB
 *             {@link org.perc4j.e2e.srtp.OuterSender}             -&gt; header | outer ciphertext | outer tag
 *   receiver  {@link org.perc4j.e2e.srtp.OuterReceiver}           -&gt; header | inner ciphertext | inner tag | OHB
 *             {@link org.perc4j.e2e.srtp.InnerReceiver}           -&gt; RTP with the header that the sender wrote
 * </pre>
 *
 * <p>The steps are separate because some packets need only one of them, or something in between: a
 * repair packet (RFC 4588) carries an inner-protected payload under an outer layer of its own, so
 * the sender keeps what {@code InnerSender} made, and the receiver undoes the repair format before
 * {@code InnerReceiver} sees the packet. {@link org.perc4j.e2e.srtp.DoubleSrtpSender} and {@link
 * org.perc4j.e2e.srtp.DoubleSrtpReceiver} do both steps at once.
 *
 * <p>In a group, whose keys change, an {@link org.perc4j.e2e.srtp.EpochKeyring} takes the place of
 * both inner contexts: it knows which epoch to send under, and finds out whose packet it has.
 *
 * <p><b>Packets</b> are transformed in place in a {@link org.perc4j.e2e.srtp.MediaPacket}; every
 * outcome is a {@link org.perc4j.e2e.srtp.DoubleSrtpResult}. In steady state nothing is allocated
 * apart from one {@code GCMParameterSpec} per AES-GCM call, what the JCE provider allocates itself,
 * and its exception when a tag does not match.
 *
 * <p><b>Threads:</b> no class here is thread-safe unless it says so, as the keyring does. A context
 * (sender or receiver) and the packet it is given belong to one thread at a time.
 *
 * <p><b>Keys</b> are handed in and copied; nothing here negotiates or stores them. Destroying a
 * context zeroes the keys that it holds; copies that the JCE provider made inside its cipher become
 * garbage and are not zeroed by it.
 *
 * <h2>Rollover counters</h2>
 *
 * <p>A packet does not carry the upper 32 bits of its index. The receiver guesses them from the
 * highest index that authenticated so far (RFC 3711 section 3.3.1), which goes wrong for ever once
 * it has missed 2<sup>15</sup> packets or more: a stream outside last-N, or a receiver that comes
 * late. {@link org.perc4j.e2e.srtp.InnerReceiver} therefore searches when the guess fails:
 *
 * <ul>
 *   <li>An index within the replay window is always the nearest one to the highest index, so the
 *       only others worth trying lie <em>above</em> the highest: one for each number of missed
 *       wraps 0, 1, 2, ... A packet recorded under an earlier rollover counter can't be accepted,
 *       as its index is never tried.
 *   <li>Each packet tries the guess first; then one candidate which its sequence number picks from
 *       the first 1021; then it goes on where a cursor stands. That is at most four AES-GCM calls
 *       in the inner layer, two of them for the cursor, and three in the outer layer, one of them
 *       for the cursor, since its packets can be forged by anyone on the path.
 *   <li>The cursor sweeps over 256 candidates, then starts again and sweeps over four times as
 *       many, and so on until it has all 2<sup>32</sup>. K missed wraps are found by the inner
 *       layer within K/2 + 1 packets if K is below 256, and within 7K/6 + 1 packets else: one for
 *       each 56,000 that were missed.
 *   <li>Forged packets move the cursor, and may thereby delay it. They have no influence on what
 *       the sequence number picks: up to 1020 missed wraps are found within 1021 consecutive
 *       packets, whatever else arrives.
 *   <li>Nothing but a packet that authenticated changes the highest index, the replay window or the
 *       set of known streams: one that is in step does not notice forged packets. Every authentic
 *       packet resets its stream's cursor.
 *   <li>The cursor for streams not yet known is kept in a small table of fixed size, indexed by a
 *       hash of the SSRC, so that forged SSRCs take no memory.
 * </ul>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.srtp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
