/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The inner layer of one endpoint in a group whose keys change: one {@link InnerSender} per epoch,
 * and one {@link InnerReceiver} per epoch and member. Each epoch starts afresh, with rollover
 * counters of 0.
 *
 * <p><b>Going over to a new epoch.</b> Its receive keys are good at once. The sender follows when
 * {@link Timing#senderDelay} has passed, so that others have the new epoch by then, or at once if
 * the installer says so: somebody was removed. If several epochs wait, it goes to the newest whose
 * time has come, and never back; a further epoch does not postpone an earlier one. Where there is
 * nothing else to send under, a new epoch is used at once.
 *
 * <p><b>Letting go of old ones.</b> An epoch's receive keys are erased when {@link
 * Timing#retention} has passed since the next one was installed, and there are at most {@link
 * #MAX_LIVE_EPOCHS}: one more erases the oldest. Whose identity is not in the newest epoch, is
 * refused in the older ones, too, from its installation on, whoever else has its name or its leaf
 * by then; who is there at another leaf is still received in those before.
 *
 * <p><b>Finding the sender.</b> Packets carry no key identifier. Tried are, for a packet's SSRC:
 *
 * <ol>
 *   <li>the member who was last authentic under it, in the epoch of that packet; if this context
 *       finds it replayed or too old, that is the answer;
 *   <li>the same member in the other live epochs, newest first;
 *   <li>the member that is now the occupant whom signalling names ({@link #hint}), in all live
 *       epochs, newest first;
 *   <li>{@value #SCANNED_CONTEXTS_PER_PACKET} others, from where the last packet with this SSRC got
 *       to. Without a hint, an SSRC is therefore found within one packet for every four pairs of
 *       epoch and member; forged packets with other SSRCs can make that an expectation.
 * </ol>
 *
 * <p>A packet costs at most {@link #MAX_AEAD_CALLS_PER_PACKET} AES-GCM calls. Nothing is remembered
 * of one that is not authentic but where the search goes on. The own leaf is never tried.
 *
 * <p><b>Threads.</b> Thread-safe. Protecting takes one lock and unprotecting another, for as long
 * as one packet takes; installing and expiring take both, for as long as it takes to copy the list
 * of members. With one thread that sends and one that receives, which contexts that count packets
 * need anyway, nobody waits, and a lock that nobody waits for costs some nanoseconds. {@code
 * Destroyable} contexts behind a volatile reference would not do: a packet under way could use one
 * that is being erased.
 *
 * <p>In steady state nothing is allocated beyond what {@link InnerSender} and {@link InnerReceiver}
 * allocate.
 */
public final class EpochKeyring implements Destroyable {
  /** How many epochs have receive keys at a time. */
  public static final int MAX_LIVE_EPOCHS = 3;

  /** How many contexts beyond those of a known or announced sender one packet is tried with. */
  static final int SCANNED_CONTEXTS_PER_PACKET = 4;

  /** The most AES-GCM calls that one received packet may cost. */
  public static final int MAX_AEAD_CALLS_PER_PACKET =
      (2 * MAX_LIVE_EPOCHS + SCANNED_CONTEXTS_PER_PACKET) * InnerReceiver.MAX_AEAD_CALLS_PER_PACKET;

  /** The most AES-GCM calls that {@link #unprotectInNewest} may cost. */
  public static final int MAX_AEAD_CALLS_IN_NEWEST =
      SCANNED_CONTEXTS_PER_PACKET * InnerReceiver.MAX_AEAD_CALLS_PER_PACKET;

  /** For how many SSRCs the sender is remembered, and for how many others' word is. */
  public static final int MAX_STREAMS = 16_384;

  /** {@link #sendingEpoch} and {@link #newestEpoch} if there is none. */
  public static final int NO_EPOCH = 0;

  /**
   * When to go over.
   *
   * @param senderDelay how long after an epoch came its keys are sent under
   * @param retention how long after an epoch came the one before is received; not less than the
   *     delay
   */
  public record Timing(Duration senderDelay, Duration retention) {
    /** 250 ms and 5 s. */
    public static final Timing DEFAULT = new Timing(Duration.ofMillis(250), Duration.ofSeconds(5));

    /**
     * When to go over.
     *
     * @throws IllegalArgumentException if the delay is negative, or longer than the retention
     */
    public Timing {
      if (senderDelay.isNegative() || senderDelay.compareTo(retention) > 0) {
        throw new IllegalArgumentException(
            "sender delay of " + senderDelay + ", retention of " + retention);
      }
    }
  }

  private record SendEpoch(int number, InnerSender sender, long fromNanos) {}

  /** Who was last authentic under an SSRC. */
  private static final class Source {
    ReceiveEpoch epoch;
    int member;
    String identity;

    Source(ReceiveEpoch epoch, int member) {
      this.epoch = epoch;
      this.member = member;
      this.identity = epoch.holder(member).identity();
    }

    void set(ReceiveEpoch epoch, int member) {
      if (this.epoch != epoch || this.member != member) {
        this.epoch = epoch;
        this.member = member;
        this.identity = epoch.holder(member).identity();
      }
    }

    /** Whether the keys of that packet can still be used for another. */
    boolean isLive() {
      return !epoch.isErased() && !epoch.isRefused(member);
    }
  }

  private final DoubleSrtpProfile profile;
  private final long senderDelayNanos;
  private final long retentionNanos;
  private final LongSupplier nanoTime;

  /** Taken before {@link #receiving} where both are. */
  private final Object sending = new Object();

  private final Object receiving = new Object();

  // Guarded by sending. Oldest first; the sender is never behind the first.
  private final List<SendEpoch> sendEpochs = new ArrayList<>(MAX_LIVE_EPOCHS + 1);

  // Guarded by receiving. Newest first.
  private final List<ReceiveEpoch> receiveEpochs = new ArrayList<>(MAX_LIVE_EPOCHS + 1);
  private final Map<Integer, String> hints = new LinkedHashMap<>();
  private final ScanCursors cursors = new ScanCursors();
  private final RtpPacketView view = new RtpPacketView();
  private StreamTable<Source> sources = new StreamTable<>(MAX_STREAMS);
  private long aeadCalls;

  // Written under both locks.
  private int newest = NO_EPOCH;
  private boolean destroyed;

  /** A keyring without keys, with {@link Timing#DEFAULT} and the system's clock. */
  public EpochKeyring(DoubleSrtpProfile profile) {
    this(profile, Timing.DEFAULT, System::nanoTime);
  }

  /**
   * A keyring without keys.
   *
   * @param nanoTime a clock that never goes back, in nanoseconds from anywhere
   */
  public EpochKeyring(DoubleSrtpProfile profile, Timing timing, LongSupplier nanoTime) {
    this.profile = profile;
    this.senderDelayNanos = timing.senderDelay().toNanos();
    this.retentionNanos = timing.retention().toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Takes the keys of a new epoch.
   *
   * @param exporterSecret {@code DeriveSecret(exporter_secret, "perc4j double-srtp 1")} of RFC 9420
   *     section 8.5, 32 octets; copied, for the caller to zero
   * @param members who holds which leaf, oneself included, all of different identities and
   *     occupants
   * @param ownLeaf the leaf under whose key to send
   * @param immediately whether the sender goes over at once: somebody was removed
   * @throws IllegalArgumentException if the secret has another length, or is that of a live epoch,
   *     under which indices would be used again; if the own leaf is not among the members, or two
   *     have the same identity or occupant
   * @throws IllegalStateException if this was destroyed
   */
  public void install(
      byte[] exporterSecret, Map<Integer, LeafHolder> members, int ownLeaf, boolean immediately) {
    EpochSecret secret = new EpochSecret(profile, exporterSecret);
    boolean installed = false;
    try {
      synchronized (sending) {
        synchronized (receiving) {
          requireNew(secret);
          int number = newest + 1;
          ReceiveEpoch epoch = new ReceiveEpoch(number, profile, secret, members, ownLeaf);
          long now = nanoTime.getAsLong();
          addSender(number, secret, ownLeaf, immediately ? now : now + senderDelayNanos, now);
          addReceivers(epoch, now);
          newest = number;
          installed = true;
        }
      }
    } finally {
      if (!installed) {
        secret.destroy();
      }
    }
  }

  private void requireNew(EpochSecret secret) {
    if (destroyed) {
      throw new IllegalStateException("keyring was destroyed");
    }
    for (ReceiveEpoch epoch : receiveEpochs) {
      if (epoch.sameSecretAs(secret)) {
        throw new IllegalArgumentException("the secret is that of epoch " + epoch.number());
      }
    }
  }

  private void addSender(
      int number, EpochSecret secret, int ownLeaf, long fromNanos, long nowNanos) {
    SrtpMasterKey key = secret.senderKey(ownLeaf);
    try {
      sendEpochs.add(new SendEpoch(number, new InnerSender(profile, key), fromNanos));
    } finally {
      key.destroy();
    }
    if (sendEpochs.size() > MAX_LIVE_EPOCHS) {
      removeOldestSender();
    }
    var unused = currentSender(nowNanos);
  }

  private void addReceivers(ReceiveEpoch epoch, long nowNanos) {
    expireReceivers(nowNanos);
    for (ReceiveEpoch older : receiveEpochs) {
      older.replacedBy(epoch, nowNanos);
    }
    receiveEpochs.add(0, epoch);
    if (receiveEpochs.size() > MAX_LIVE_EPOCHS) {
      removeOldestReceivers();
    }
    sources = sources.retaining(source -> epoch.has(source.identity));
  }

  /**
   * The sender of the newest epoch whose time has come, else the oldest that there is. Erases those
   * before it.
   */
  private @Nullable SendEpoch currentSender(long nowNanos) {
    while (sendEpochs.size() > 1 && isAnyDueAfterFirst(nowNanos)) {
      removeOldestSender();
    }
    return sendEpochs.isEmpty() ? null : sendEpochs.get(0);
  }

  private boolean isAnyDueAfterFirst(long nowNanos) {
    for (int i = 1; i < sendEpochs.size(); i++) {
      if (nowNanos - sendEpochs.get(i).fromNanos() >= 0) {
        return true;
      }
    }
    return false;
  }

  private void removeOldestSender() {
    sendEpochs.remove(0).sender().destroy();
  }

  private void removeOldestReceivers() {
    receiveEpochs.remove(receiveEpochs.size() - 1).erase();
  }

  private void expireReceivers(long nowNanos) {
    while (!receiveEpochs.isEmpty()
        && receiveEpochs.get(receiveEpochs.size() - 1).nanosUntilExpiry(nowNanos, retentionNanos)
            == 0) {
      removeOldestReceivers();
    }
  }

  /**
   * Remembers who sends an SSRC in signalling's words, over all epochs to come. It decides whose
   * key is tried first, and nothing else. Of more than {@link #MAX_STREAMS}, the oldest is
   * forgotten.
   *
   * @param occupant as in {@link LeafHolder}; may be one that is not a member yet
   */
  public void hint(int ssrc, String occupant) {
    synchronized (receiving) {
      hints.remove(ssrc);
      hints.put(ssrc, occupant);
      if (hints.size() > MAX_STREAMS) {
        var eldest = hints.keySet().iterator();
        var unused = eldest.next();
        eldest.remove();
      }
    }
  }

  /** Forgets what {@link #hint} said about an SSRC. */
  public void forgetHint(int ssrc) {
    synchronized (receiving) {
      hints.remove(ssrc);
    }
  }

  /**
   * Protects a packet in place, under the epoch that is sent under now.
   *
   * @param packet as in {@link InnerSender#protect}
   * @return what {@link #readiness} says if that is not {@code OK}; else what {@link
   *     InnerSender#protect} says
   */
  public DoubleSrtpResult protect(MediaPacket packet) {
    synchronized (sending) {
      @Nullable SendEpoch epoch = currentSender(nanoTime.getAsLong());
      return epoch == null ? whyNoKey() : epoch.sender().protect(packet);
    }
  }

  /**
   * Tells whether there are keys to protect with, and why not: {@code OK}, {@code NO_KEY_YET},
   * {@code SENDING_STOPPED} or {@code KEYS_ERASED}. May have changed when it is used.
   */
  public DoubleSrtpResult readiness() {
    synchronized (sending) {
      return sendEpochs.isEmpty() ? whyNoKey() : DoubleSrtpResult.OK;
    }
  }

  /** Called under one of the locks. */
  private DoubleSrtpResult whyNoKey() {
    if (destroyed) {
      return DoubleSrtpResult.KEYS_ERASED;
    }
    return newest == NO_EPOCH ? DoubleSrtpResult.NO_KEY_YET : DoubleSrtpResult.SENDING_STOPPED;
  }

  /**
   * Erases all keys for sending, if there are any: {@link #protect} says {@code SENDING_STOPPED}
   * until the next {@link #install}.
   */
  public void stopSending() {
    synchronized (sending) {
      while (!sendEpochs.isEmpty()) {
        removeOldestSender();
      }
    }
  }

  /**
   * Authenticates and decrypts a packet in place, and finds out who sent it: {@link
   * MediaPacket#senderName} and {@link MediaPacket#senderLeaf}.
   *
   * @param packet as in {@link InnerReceiver#unprotect}
   * @return {@code OK}; or {@code NO_KEY_YET}, {@code KEYS_ERASED}; else what {@link
   *     InnerReceiver#unprotect} said. Of several refusals it is the first that says more than
   *     {@code INNER_AUTHENTICATION_FAILED}. The packet is unchanged then
   */
  public DoubleSrtpResult unprotect(MediaPacket packet) {
    packet.clearSender();
    synchronized (receiving) {
      expireReceivers(nanoTime.getAsLong());
      DoubleSrtpResult look = look(packet);
      if (look != DoubleSrtpResult.OK) {
        return look;
      }
      int ssrc = view.ssrc();
      return unprotect(packet, ssrc, sources.get(ssrc));
    }
  }

  /**
   * Tries a packet that {@link #unprotect} refused before the newest epoch was installed, with the
   * keys of that epoch only: those of the member who was last authentic under its SSRC and of the
   * one that signalling names, or of some others if there are neither.
   *
   * @param packet as in {@link #unprotect}
   * @return as {@link #unprotect}
   */
  public DoubleSrtpResult unprotectInNewest(MediaPacket packet) {
    packet.clearSender();
    synchronized (receiving) {
      DoubleSrtpResult look = look(packet);
      if (look != DoubleSrtpResult.OK) {
        return look;
      }
      int ssrc = view.ssrc();
      return attemptInNewest(packet, ssrc, sources.get(ssrc));
    }
  }

  /** Has the view look at a packet that can be tried; says why not, if it can't. */
  private DoubleSrtpResult look(MediaPacket packet) {
    if (receiveEpochs.isEmpty()) {
      return whyNoKey();
    }
    try {
      view.wrap(packet.buffer(), packet.offset(), packet.length());
      return DoubleSrtpResult.OK;
    } catch (MalformedPacketException e) {
      return DoubleSrtpResult.MALFORMED;
    }
  }

  private DoubleSrtpResult attemptInNewest(MediaPacket packet, int ssrc, @Nullable Source source) {
    DoubleSrtpResult result = DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
    ReceiveEpoch newestEpoch = receiveEpochs.get(0);
    int known = source == null ? ReceiveEpoch.NONE : newestEpoch.find(source.identity);
    @Nullable String identity = hintedIdentity(ssrc);
    int hinted = identity == null ? ReceiveEpoch.NONE : newestEpoch.find(identity);
    if (known == ReceiveEpoch.NONE && hinted == ReceiveEpoch.NONE) {
      return scan(packet, ssrc, source, 1, null, null, result);
    }
    if (known != ReceiveEpoch.NONE) {
      result = attempt(packet, ssrc, source, newestEpoch, known);
    }
    if (hinted != ReceiveEpoch.NONE && hinted != known && !isFinal(result)) {
      result = first(result, attempt(packet, ssrc, source, newestEpoch, hinted));
    }
    return result;
  }

  /** Whom signalling names, if that is a member of the newest epoch. */
  private @Nullable String hintedIdentity(int ssrc) {
    @Nullable String occupant = hints.get(ssrc);
    return occupant == null ? null : receiveEpochs.get(0).identityOf(occupant);
  }

  private DoubleSrtpResult unprotect(MediaPacket packet, int ssrc, @Nullable Source source) {
    DoubleSrtpResult result = DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
    @Nullable String known = null;
    if (source != null) {
      known = source.identity;
      if (source.isLive()) {
        result = attempt(packet, ssrc, source, source.epoch, source.member);
        if (result != DoubleSrtpResult.INNER_AUTHENTICATION_FAILED) {
          return result;
        }
      }
      result = attemptInOtherEpochs(packet, ssrc, source);
      if (result != DoubleSrtpResult.INNER_AUTHENTICATION_FAILED) {
        // A replay under another epoch is one, whoever else might be tried.
        return result;
      }
    }
    @Nullable String hinted = hintedIdentity(ssrc);
    if (hinted != null && !hinted.equals(known)) {
      for (int i = 0; i < receiveEpochs.size() && !isFinal(result); i++) {
        ReceiveEpoch epoch = receiveEpochs.get(i);
        int member = epoch.find(hinted);
        if (member != ReceiveEpoch.NONE) {
          result = first(result, attempt(packet, ssrc, source, epoch, member));
        }
      }
    }
    return isFinal(result)
        ? result
        : scan(packet, ssrc, source, receiveEpochs.size(), known, hinted, result);
  }

  private DoubleSrtpResult attemptInOtherEpochs(MediaPacket packet, int ssrc, Source source) {
    DoubleSrtpResult result = DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
    ReceiveEpoch last = source.epoch;
    for (int i = 0; i < receiveEpochs.size() && !isFinal(result); i++) {
      ReceiveEpoch epoch = receiveEpochs.get(i);
      int member = epoch == last ? ReceiveEpoch.NONE : epoch.find(source.identity);
      if (member != ReceiveEpoch.NONE) {
        result = first(result, attempt(packet, ssrc, source, epoch, member));
      }
    }
    return result;
  }

  private DoubleSrtpResult scan(
      MediaPacket packet,
      int ssrc,
      @Nullable Source source,
      int epochs,
      @Nullable String known,
      @Nullable String hinted,
      DoubleSrtpResult before) {
    DoubleSrtpResult result = before;
    int contexts = 0;
    for (int age = 0; age < epochs; age++) {
      contexts += receiveEpochs.get(age).size();
    }
    int position = cursors.start(ssrc, contexts);
    int left = SCANNED_CONTEXTS_PER_PACKET;
    for (int i = 0; i < contexts && left > 0 && !isFinal(result); i++) {
      int member = position;
      int age = 0;
      while (member >= receiveEpochs.get(age).size()) {
        member -= receiveEpochs.get(age).size();
        age++;
      }
      ReceiveEpoch epoch = receiveEpochs.get(age);
      position = (position + 1) % contexts;
      String identity = epoch.holder(member).identity();
      if (!epoch.isRefused(member) && !identity.equals(known) && !identity.equals(hinted)) {
        left--;
        result = first(result, attempt(packet, ssrc, source, epoch, member));
      }
    }
    cursors.set(ssrc, position);
    return result;
  }

  private DoubleSrtpResult attempt(
      MediaPacket packet, int ssrc, @Nullable Source source, ReceiveEpoch epoch, int member) {
    InnerReceiver receiver = epoch.receiver(member);
    long callsBefore = receiver.aeadCalls();
    DoubleSrtpResult result = receiver.unprotect(packet);
    aeadCalls += receiver.aeadCalls() - callsBefore;
    if (result == DoubleSrtpResult.OK) {
      remember(ssrc, source, epoch, member);
      packet.setSender(epoch.holder(member), epoch.leaf(member));
    }
    return result;
  }

  private void remember(int ssrc, @Nullable Source source, ReceiveEpoch epoch, int member) {
    if (source != null) {
      source.set(epoch, member);
      return;
    }
    if (sources.isFull()) {
      sources = sources.retaining(other -> !other.epoch.isErased());
    }
    if (!sources.isFull()) {
      sources.put(ssrc, new Source(epoch, member));
    }
  }

  /** Whether another key would not change the result. */
  private static boolean isFinal(DoubleSrtpResult result) {
    return result == DoubleSrtpResult.OK
        || result == DoubleSrtpResult.MALFORMED
        || result == DoubleSrtpResult.MALFORMED_OHB;
  }

  private static DoubleSrtpResult first(DoubleSrtpResult before, DoubleSrtpResult result) {
    return isFinal(result) || before == DoubleSrtpResult.INNER_AUTHENTICATION_FAILED
        ? result
        : before;
  }

  /**
   * Erases what is due, which the packet path does as well: for when there are no packets.
   *
   * @see #nanosUntilExpiry
   */
  public void expire() {
    long now = nanoTime.getAsLong();
    synchronized (sending) {
      var unused = currentSender(now);
    }
    synchronized (receiving) {
      expireReceivers(now);
    }
  }

  /**
   * How long until {@link #expire} will have something to erase, in nanoseconds; 0 if it has;
   * {@code Long.MAX_VALUE} if nothing is due before the next {@link #install}.
   */
  public long nanosUntilExpiry() {
    long now = nanoTime.getAsLong();
    synchronized (receiving) {
      return receiveEpochs.isEmpty()
          ? Long.MAX_VALUE
          : receiveEpochs.get(receiveEpochs.size() - 1).nanosUntilExpiry(now, retentionNanos);
    }
  }

  /** The number of the epoch that is sent under now, or {@link #NO_EPOCH}. The first has 1. */
  public int sendingEpoch() {
    synchronized (sending) {
      @Nullable SendEpoch epoch = currentSender(nanoTime.getAsLong());
      return epoch == null ? NO_EPOCH : epoch.number();
    }
  }

  /** The number of the epoch that was installed last, or {@link #NO_EPOCH}. */
  public int newestEpoch() {
    synchronized (receiving) {
      return newest;
    }
  }

  /** How many epochs have receive keys now: 0 to {@link #MAX_LIVE_EPOCHS}. */
  public int liveEpochs() {
    synchronized (receiving) {
      expireReceivers(nanoTime.getAsLong());
      return receiveEpochs.size();
    }
  }

  /** How often AES-GCM was run by receivers so far, successfully or not. */
  long aeadCalls() {
    synchronized (receiving) {
      return aeadCalls;
    }
  }

  /** Erases all keys, for good. */
  @Override
  public void destroy() {
    synchronized (sending) {
      synchronized (receiving) {
        destroyed = true;
        stopSending();
        while (!receiveEpochs.isEmpty()) {
          removeOldestReceivers();
        }
        hints.clear();
        sources = new StreamTable<>(MAX_STREAMS);
      }
    }
  }

  @Override
  public boolean isDestroyed() {
    synchronized (receiving) {
      return destroyed;
    }
  }
}
