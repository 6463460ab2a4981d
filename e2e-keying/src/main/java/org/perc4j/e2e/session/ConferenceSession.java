/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.LeafStatement;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.VerificationCode;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.protocol.GroupProtocol;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.protocol.RateLimit;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.protocol.SessionEvent.Ended;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.DoubleSrtpSender;
import org.perc4j.e2e.srtp.EpochKeyring;
import org.perc4j.e2e.srtp.LeafHolder;
import org.perc4j.e2e.srtp.MediaPacket;

/**
 * An endpoint's part in a private conference: it becomes a member of the conference's group,
 * follows the group from epoch to epoch, and protects media end to end with the epoch's keys.
 *
 * <p>A complete endpoint, without the transport that carries its packets to and from the bridge:
 *
 * <pre>{@code
 * // who we are, kept over restarts
 * EndpointIdentity identity =
 *     IdentityFile.loadOrGenerate(
 *         Path.of("alice.key"), "alice@example.org", new SecureRandom());
 *
 * // the room: an XMPP connection of our own, as a guest
 * RoomChannel room =
 *     XmppServer.at("xmpp.example.org", 5222, "guest.example.org")
 *         .room("talk@muc.example.org", "a1b2c3d4");
 *
 * try (TrustStore met = TrustStore.open(Path.of("known-people"));
 *     LoopThread loop = new LoopThread("keys");
 *     ConferenceSession session =
 *         ConferenceSession.join(
 *             room,
 *             identity,
 *             new TrustOnFirstUse(met, TrustOnFirstUse.WhenChanged.TELL),
 *             SessionOptions.DEFAULT.withHeldPackets((self, late) -> play(late)),
 *             loop,
 *             (self, event) -> {
 *               if (event instanceof SessionEvent.MemberJoined joined) {
 *                 show(joined.member().name() + " is here: " + joined.standing());
 *               } else if (event instanceof SessionEvent.CodeReady ready) {
 *                 show("to be read aloud: " + ready.code().digits());
 *               } else if (event instanceof SessionEvent.Ended ended) {
 *                 show("over: " + ended.reason());
 *               }
 *             })) {
 *
 *   // a member from here on, or told by an exception why not
 *   Roster roster =
 *       session.firstEpoch().toCompletableFuture().get(20, TimeUnit.SECONDS).roster();
 *   show(roster.size() + " members");
 *
 *   // DTLS with the bridge yields the keys of the outer layer
 *   OuterKeys outer = OuterKeys.fromExporter(profile, exported, isDtlsClient);
 *   OuterSender toBridge = new OuterSender(profile, outer.send(), CryptexPolicy.ALLOWED);
 *   OuterReceiver fromBridge =
 *       new OuterReceiver(profile, outer.receive(), CryptexPolicy.ALLOWED);
 *
 *   // sending: first our layer, then the bridge's; what is not OK is not sent
 *   byte[] buffer = Arrays.copyOf(rtp, rtp.length + ConferenceSession.PACKET_OVERHEAD_BYTES);
 *   MediaPacket packet = new MediaPacket().wrap(buffer, 0, rtp.length);
 *   DoubleSrtpResult result = session.protect(packet);
 *   if (result == DoubleSrtpResult.OK && toBridge.protect(packet) == DoubleSrtpResult.OK) {
 *     socket.send(packet);
 *   } else {
 *     show("not sent: " + result);
 *   }
 *
 *   // receiving: the other way round; what is not OK is dropped
 *   session.ssrcOwner(0x1234abcd, "9f8e7d6c"); // what signalling says, a hint only
 *   MediaPacket arrived = socket.receive();
 *   if (fromBridge.unprotect(arrived) == DoubleSrtpResult.OK
 *       && session.unprotect(arrived) == DoubleSrtpResult.OK) {
 *     play(arrived); // by arrived.senderName(): proven, whatever signalling says
 *   }
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> all methods may be called from any thread. {@link #protect} and {@link
 * #unprotect} do not wait for the event loop. The listener is called on the event loop and must not
 * block.
 *
 * <p><b>Failing closed:</b> {@link #protect} refuses before the first epoch ({@link
 * DoubleSrtpResult#NO_KEY_YET}), when the members could not be asked for longer than {@link
 * ProtocolTiming#offlineLimit} or {@link ProtocolTiming#reunionLimit} ({@link
 * DoubleSrtpResult#SENDING_STOPPED}), in a private room while {@link SessionEvent.SendingWaits}
 * names somebody ({@link DoubleSrtpResult#SENDING_WAITS}), and after {@link SessionEvent.Ended} or
 * {@link #close} ({@link DoubleSrtpResult#KEYS_ERASED}).
 */
public final class ConferenceSession implements AutoCloseable {
  /** The exporter's label for media keys. */
  public static final String EXPORTER_LABEL = "perc4j double-srtp 1";

  /**
   * How many octets a buffer needs behind a packet that is to be sent, for both layers whatever
   * they are set to: {@link #protect} and {@link org.perc4j.e2e.srtp.OuterSender#protect} do not
   * say {@link DoubleSrtpResult#NO_ROOM} then. A repair packet (RFC 4588) made of what {@code
   * protect} made needs two more in between, and no other room for the inner layer.
   */
  public static final int PACKET_OVERHEAD_BYTES = DoubleSrtpSender.MAX_OVERHEAD_BYTES;

  private static final int MAX_REPORTS_PER_WINDOW = 5;
  private static final Duration REPORT_WINDOW = Duration.ofSeconds(10);

  private static final Logger LOGGER = Logger.getLogger(ConferenceSession.class.getName());

  private final EventLoop loop;
  private final RoomChannel room;
  private final EndpointIdentity identity;
  private final EpochKeyring keyring;
  private final Duration retention;
  private final GroupPolicy policy;
  private final GroupProtocol protocol;
  private final Listener listener;
  private final Map<Reason, Long> refusals = new EnumMap<>(Reason.class);
  private final RateLimit reports;
  private final Bystanders bystanders;
  private final SendingWatch sendingWatch;
  private final @Nullable CodeMaker codes;
  private final @Nullable PacketListener packetListener;
  private final @Nullable HeldPackets held;
  private final CompletableFuture<SessionEvent.EpochChanged> firstEpoch = new CompletableFuture<>();
  private boolean over;

  private volatile @Nullable Epoch epoch;

  /** Is told what happens, in order. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Something happened. Called on the event loop, where nobody may wait for anything; what it
     * throws is logged.
     *
     * @param session to which it happened; maybe before {@link #join} has returned it
     */
    void event(ConferenceSession session, SessionEvent event);
  }

  /** Takes packets that came ahead of the news of their epoch. */
  @FunctionalInterface
  public interface PacketListener {
    /**
     * A packet of which {@link #unprotect} said {@link DoubleSrtpResult#HELD} turned out to be
     * authentic. Called on the event loop, where nobody may wait for anything, in the order in
     * which the packets came; packets of the same stream that came later, and were not held, may
     * have been returned by {@code unprotect} by then. What it throws is logged.
     *
     * @param packet as {@code unprotect} leaves it; to be copied, as it is the session's again when
     *     this returns
     */
    void packet(ConferenceSession session, MediaPacket packet);
  }

  /** What a thread other than the event loop may know of the group. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Epoch(GroupMoment moment, Roster roster, byte[] authenticator) {}

  private ConferenceSession(
      RoomChannel room,
      EndpointIdentity identity,
      CredentialValidator validator,
      SessionOptions options,
      EventLoop loop,
      Listener listener) {
    this.loop = loop;
    this.room = room;
    this.identity = identity;
    this.listener = listener;
    this.reports = new RateLimit(loop::nanoTime, MAX_REPORTS_PER_WINDOW, REPORT_WINDOW);
    this.bystanders = new Bystanders(options, this::tell);
    this.retention = options.keyTiming().retention();
    this.keyring = new EpochKeyring(options.profile(), options.keyTiming(), loop::nanoTime);
    this.sendingWatch =
        new SendingWatch(
            loop,
            keyring,
            options.keyTiming().senderDelay(),
            moment -> tell(new SessionEvent.SendingIn(moment)));
    this.codes =
        options.codeExecutor() == null
            ? null
            : new CodeMaker(
                loop,
                options.codeExecutor(),
                (moment, code) -> tell(new SessionEvent.CodeReady(moment, code)));
    this.packetListener = options.heldPackets();
    this.held = packetListener == null ? null : new HeldPackets(loop::nanoTime);
    this.policy = new GroupPolicy(room.room(), validator, options.maxMembers(), options.clock());
    this.protocol =
        new GroupProtocol(
            loop,
            room,
            identity,
            new LeafStatement(options.role(), options.protection()),
            policy,
            options.timing(),
            new SecureRandom(),
            new ProtocolListener());
  }

  /**
   * Enters the room and goes on from there by itself: the session becomes a member when the members
   * let it in, or makes the group if it is the first.
   *
   * @param room not entered yet; the session leaves it in the end
   * @param validator decides who may be a member
   * @param loop runs the session and its listener; not closed by the session
   * @param listener is told what happens
   * @throws RoomException if the room cannot be entered
   */
  public static ConferenceSession join(
      RoomChannel room,
      EndpointIdentity identity,
      CredentialValidator validator,
      SessionOptions options,
      EventLoop loop,
      Listener listener)
      throws RoomException {
    ConferenceSession session =
        new ConferenceSession(room, identity, validator, options, loop, listener);
    Backlog backlog = new Backlog(loop, session::onRoomEvent, session::onOverrun);
    try {
      room.enter(backlog::add);
    } catch (RoomException e) {
      session.close();
      throw e;
    }
    return session;
  }

  private void onRoomEvent(RoomEvent event) {
    if (!over) {
      bystanders.onEvent(event);
      protocol.onEvent(event);
      if (Bystanders.changesWhoIsThere(event)) {
        lookAtBystanders();
      }
    }
  }

  private void onOverrun() {
    protocol.end(Ended.Reason.OVERRUN, "the room sent more than could be read");
  }

  private void lookAtBystanders() {
    Epoch current = epoch;
    if (current != null) {
      bystanders.look(protocol.present(), current.roster);
    }
  }

  private void tell(SessionEvent event) {
    try {
      listener.event(this, event);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "listener failed", e);
    }
  }

  /**
   * Protects a packet end to end, in place.
   *
   * @param packet an RTP packet with {@link #PACKET_OVERHEAD_BYTES} of room behind it, for this
   *     layer and the next
   * @return what {@link #readiness} says if that is not {@link DoubleSrtpResult#OK}, else what
   *     {@link org.perc4j.e2e.srtp.InnerSender#protect} says; unless it is OK, the packet must not
   *     be sent
   */
  public DoubleSrtpResult protect(MediaPacket packet) {
    return bystanders.areWaitedFor() ? whileWaiting() : keyring.protect(packet);
  }

  /**
   * Tells whether {@link #protect} has keys, and nobody is waited for: what is recorded and encoded
   * otherwise can not be sent. May have changed when it is used.
   *
   * @return {@link DoubleSrtpResult#OK}, or why nothing is sent, to be shown to people: {@link
   *     DoubleSrtpResult#NO_KEY_YET}, {@link DoubleSrtpResult#SENDING_STOPPED}, {@link
   *     DoubleSrtpResult#SENDING_WAITS} or {@link DoubleSrtpResult#KEYS_ERASED}
   */
  public DoubleSrtpResult readiness() {
    return bystanders.areWaitedFor() ? whileWaiting() : keyring.readiness();
  }

  private DoubleSrtpResult whileWaiting() {
    DoubleSrtpResult keys = keyring.readiness();
    return keys == DoubleSrtpResult.OK ? DoubleSrtpResult.SENDING_WAITS : keys;
  }

  /** Whether {@link #readiness} says {@link DoubleSrtpResult#OK}. */
  public boolean canSend() {
    return readiness() == DoubleSrtpResult.OK;
  }

  /**
   * Authenticates and decrypts a packet, in place. {@link MediaPacket#senderName} and {@link
   * MediaPacket#senderLeaf} then tell whose it is.
   *
   * <p>A packet may be ahead of the news of its epoch: its sender has it, and here it comes in a
   * moment. If the options name a {@link PacketListener}, the session holds a copy of a packet that
   * no key opens, tries it again with each epoch that comes within 300 ms, and gives it to that
   * listener if that opens it. At most 256 packets of up to 2048 octets are held at a time, and 64
   * of one SSRC; what forged packets cost is bounded by that.
   *
   * @param packet an RTP packet after the outer layer
   * @return {@link DoubleSrtpResult#OK}, {@link DoubleSrtpResult#NO_KEY_YET}, {@link
   *     DoubleSrtpResult#KEYS_ERASED}, {@link DoubleSrtpResult#HELD}, or what {@link
   *     org.perc4j.e2e.srtp.InnerReceiver#unprotect} says; unless it is OK, the packet must be
   *     dropped
   */
  public DoubleSrtpResult unprotect(MediaPacket packet) {
    HeldPackets places = held;
    return places == null ? keyring.unprotect(packet) : unprotectOrHold(packet, places);
  }

  private DoubleSrtpResult unprotectOrHold(MediaPacket packet, HeldPackets places) {
    int epochs = places.epochs();
    DoubleSrtpResult result = keyring.unprotect(packet);
    while (HeldPackets.maybeAhead(result)) {
      HeldPackets.Outcome outcome = places.hold(packet, epochs);
      if (outcome != HeldPackets.Outcome.NEW_EPOCH) {
        return outcome == HeldPackets.Outcome.HELD ? DoubleSrtpResult.HELD : result;
      }
      epochs = places.epochs();
      result = keyring.unprotectInNewest(packet);
    }
    return result;
  }

  private void tryHeldPackets() {
    if (held != null) {
      held.newEpoch(keyring::unprotectInNewest, this::tellHeldPacket);
    }
  }

  private void tellHeldPacket(MediaPacket packet) {
    try {
      if (packetListener != null) {
        packetListener.packet(this, packet);
      }
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "listener failed", e);
    }
  }

  /**
   * Returns how many packets were {@link DoubleSrtpResult#HELD} and no epoch opened in time: most
   * of them were nobody's.
   */
  public long packetsHeldInVain() {
    return held == null ? 0 : held.inVain();
  }

  /**
   * Takes signalling's word for who sends a stream, once for all epochs. It only makes finding the
   * key quicker: who sent a packet, its key tells. Of more than {@link EpochKeyring#MAX_STREAMS},
   * the oldest is forgotten.
   *
   * @param occupant a nickname in the room; its holder need not be there, or a member, yet
   */
  public void ssrcOwner(int ssrc, String occupant) {
    keyring.hint(ssrc, occupant);
  }

  /** Forgets what signalling said about a stream. */
  public void forgetSsrcOwner(int ssrc) {
    keyring.forgetHint(ssrc);
  }

  /**
   * Returns what completes when the session has its first epoch, which is when {@link #protect}
   * begins to work; in a private room it may still have to wait for somebody. Completes
   * exceptionally, by a {@link SessionEndedException}, if the session ends before.
   *
   * <p>Completes on the event loop, after the listener was told: what depends on it runs there
   * unless it names an executor. Nobody may wait for it on the event loop, and it needs an event
   * loop that was not closed.
   *
   * <pre>{@code
   * session.firstEpoch().toCompletableFuture().get(20, TimeUnit.SECONDS);
   * }</pre>
   */
  public CompletionStage<SessionEvent.EpochChanged> firstEpoch() {
    return firstEpoch.minimalCompletionStage();
  }

  /** Returns the group and its epoch, or null before the first and after the last. */
  public @Nullable GroupMoment moment() {
    Epoch current = epoch;
    return current == null ? null : current.moment;
  }

  /** Returns the members, or null before the first epoch and after the last. */
  public @Nullable Roster roster() {
    Epoch current = epoch;
    return current == null ? null : current.roster;
  }

  /**
   * Whether {@link #protect} uses the newest epoch's keys: whoever has just joined can read what is
   * sent from now on. {@link SessionEvent.SendingIn} tells when it begins to.
   */
  public boolean isSendingInNewestEpoch() {
    return keyring.newestEpoch() != EpochKeyring.NO_EPOCH
        && keyring.sendingEpoch() == keyring.newestEpoch();
  }

  /**
   * Makes the code of the current epoch, for people to compare by voice: the same at all members.
   * Takes some tens of milliseconds on the calling thread, which must not be the event loop's;
   * {@link SessionEvent.CodeReady} brings the code without that.
   *
   * @throws IllegalStateException if there is no epoch
   */
  public VerificationCode epochCode() {
    Epoch current = epoch;
    if (current == null) {
      throw new IllegalStateException("no epoch");
    }
    return VerificationCode.ofEpoch(current.authenticator);
  }

  /**
   * Returns the code that this endpoint and a member have in common, whatever the conference; who
   * has compared it once need not do so again. Takes some tens of milliseconds on the calling
   * thread, which must not be the event loop's.
   */
  public VerificationCode pairCode(Member member) {
    return VerificationCode.ofPair(identity, member.credential());
  }

  /**
   * Returns how far the session's validator believes that a member is who it says; may have changed
   * since it joined, as people compare codes or accept keys.
   */
  public Standing standing(Member member) {
    return policy.standing(member);
  }

  /**
   * Returns who is in the conference, each person with all devices that it is there with; nobody
   * before the first epoch and after the last. Standings are those of now.
   */
  public List<Participant> participants() {
    Epoch current = epoch;
    return current == null ? List.of() : Participant.of(current.roster, policy::standing);
  }

  /** Returns how often something was refused, by reason. */
  public Map<Reason, Long> refusals() {
    synchronized (refusals) {
      return Map.copyOf(refusals);
    }
  }

  /** Returns the group, for tests that look for its secrets where they must not be. */
  @Nullable MlsGroup group() {
    return protocol.group();
  }

  /**
   * Leaves the conference and erases all keys; may be called more than once. Does not block: the
   * keys are gone when it returns, the room is left soon after.
   */
  @Override
  public void close() {
    destroyKeys();
    room.leave();
    loop.execute(() -> protocol.end(Ended.Reason.LEFT, "left"));
  }

  private void destroyKeys() {
    synchronized (keyring) {
      keyring.destroy();
    }
    if (codes != null) {
      codes.stop();
    }
    if (held != null) {
      held.close();
    }
  }

  private final class ProtocolListener implements GroupProtocol.Listener {
    @Override
    public void epoch(MlsGroup group, boolean immediately) {
      byte[] secret = group.exporterSecret(EXPORTER_LABEL);
      Map<Integer, LeafHolder> members = leafHolders(group.roster());
      // what is sent under the keys of somebody who is alone, nobody hears
      Epoch before = epoch;
      boolean atOnce = immediately || (before != null && before.roster.size() == 1);
      synchronized (keyring) {
        if (!keyring.isDestroyed()) {
          keyring.install(secret, members, group.ownLeaf(), atOnce);
        }
      }
      Arrays.fill(secret, (byte) 0);
      Epoch now = new Epoch(group.moment(), group.roster(), group.authenticator());
      epoch = now;
      scheduleExpiry();
      SessionEvent.EpochChanged change = new SessionEvent.EpochChanged(now.moment, now.roster);
      event(change);
      lookAtBystanders();
      tryHeldPackets();
      sendingWatch.installed(now.moment);
      if (codes != null) {
        codes.epoch(now.moment, now.authenticator);
      }
      firstEpoch.complete(change);
    }

    private static Map<Integer, LeafHolder> leafHolders(Roster roster) {
      Map<Integer, LeafHolder> holders = new HashMap<>();
      for (Member member : roster.members()) {
        holders.put(
            member.leaf(),
            new LeafHolder(member.name(), member.occupant(), member.credential().fingerprint()));
      }
      return holders;
    }

    private void scheduleExpiry() {
      // erased also when no packet comes; a later epoch brings a later look
      EventLoop.Timer unused = loop.schedule(retention, keyring::expire);
    }

    @Override
    public void event(SessionEvent event) {
      if (event instanceof SessionEvent.Ended) {
        epoch = null;
        over = true;
        destroyKeys();
        room.leave();
      }
      tell(event);
      if (event instanceof Ended ended) {
        firstEpoch.completeExceptionally(new SessionEndedException(ended.reason(), ended.detail()));
      }
    }

    @Override
    public void refused(String occupant, Reason reason, String detail) {
      synchronized (refusals) {
        refusals.merge(reason, 1L, Long::sum);
      }
      if (reports.allows(reason + " " + occupant)) {
        event(new SessionEvent.Refused(occupant, reason, detail));
      }
    }

    @Override
    public void stopSending() {
      keyring.stopSending();
    }
  }
}
