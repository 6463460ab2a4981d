/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.xmpp.RoomChannel;
import org.perc4j.e2e.xmpp.RoomEvent;
import org.perc4j.e2e.xmpp.RoomException;

/**
 * How one occupant of the room becomes a member of the group and stays in step with it;
 * docs/protocol.md specifies it. Belongs to one event loop: all methods are called there.
 *
 * <p>What counts is the room's order: the first valid commit for an epoch makes the next one, at
 * every member alike, and an own commit counts when it comes back as the first.
 */
final class GroupProtocol {
  static final String ANNOUNCE = "announce";
  static final String COMMIT = "commit";
  static final String WELCOME = "welcome";

  /** How many joiners one commit takes at most; their key packages have to fit as well. */
  static final int MAX_BATCH = 256;

  private static final int MAX_BATCH_BYTES = 256 * 1024;
  private static final int MAX_PRIVATE_WELCOMES = 3;
  private static final int MAX_RECENT_COMMITS = 32;
  private static final int MAX_PUBLISHED = 8;
  private static final int MAX_PATIENT_RANK = 8;
  private static final int MAX_POSTPONED = 10;
  private static final int MAX_ANNOUNCEMENTS = 4;
  private static final int MAX_REMOVED_KEYS = 65536;
  private static final int MAX_PUBLICATIONS = 20;
  private static final int MAX_WELCOMES = 5;
  private static final int MAX_PER_STRANGER = 50;
  private static final int MAX_BY_STRANGERS = 1000;
  private static final Duration RATE_WINDOW = Duration.ofSeconds(30);

  private static final Logger LOGGER = Logger.getLogger(GroupProtocol.class.getName());

  /** Is told what comes of it, on the event loop. */
  interface Listener {
    /**
     * The endpoint is in a new epoch.
     *
     * @param immediately whether nothing must be sent under the keys before any more: there were
     *     none, or somebody who has them must not read from now on
     * @param regrouped whether those who had the keys before have them at other leaves
     */
    void epoch(MlsGroup group, boolean immediately, boolean regrouped);

    /** There is something that the application should know. */
    void event(SessionEvent event);

    /** Something was refused. */
    void refused(String occupant, Reason reason, String detail);

    /** What is sent must not be protected any more with the keys at hand. */
    void stopSending();
  }

  private final EventLoop loop;
  private final RoomChannel room;
  private final EndpointIdentity identity;
  private final GroupPolicy policy;
  private final ProtocolTiming timing;
  private final SecureRandom random = new SecureRandom();
  private final Listener listener;

  private final Set<String> present = new HashSet<>();
  private final Set<String> elders = new HashSet<>();
  private final Announcements waiting;
  private final RateLimit publications;
  private final RateLimit welcomes;
  private final RateLimit strangers;
  private final RateLimit allStrangers;
  private final Set<ByteBuffer> departed = new HashSet<>();
  private final Map<ByteBuffer, String> removedKeys = new LinkedHashMap<>();
  private final Deque<byte[]> recentCommits = new ArrayDeque<>();
  private final Map<String, byte[]> published = new LinkedHashMap<>();

  /** Who was in the group when the room was lost and is in none since, by name. */
  private final Set<String> awaited = new HashSet<>();

  private final Deque<Announcement> own = new ArrayDeque<>();
  private @Nullable MlsGroup group;
  private @Nullable Roster lastRoster;
  private @Nullable Roster toldRoster;
  private @Nullable GroupMoment lastMoment;
  private @Nullable GroupMoment lostMoment;
  private @Nullable PendingCommit pending;
  private boolean pendingFromOutside;
  private List<String> pendingJoiners = List.of();
  private @Nullable GroupMoment ownPublication;
  private boolean connected;
  private boolean degraded;
  private boolean ended;
  private boolean confirmed;
  private boolean silent;
  private int attempts;
  private int postponed;
  private boolean commitSeen;

  private @Nullable Long needSinceNanos;
  private final OneTimer commitTimer = new OneTimer();
  private final OneTimer joinTimer = new OneTimer();
  private final OneTimer createTimer = new OneTimer();
  private final OneTimer publishTimer = new OneTimer();
  private final OneTimer missedTimer = new OneTimer();
  private final OneTimer offlineTimer = new OneTimer();
  private final OneTimer reunionTimer = new OneTimer();
  private final OneTimer resendTimer = new OneTimer();

  GroupProtocol(
      EventLoop loop,
      RoomChannel room,
      EndpointIdentity identity,
      GroupPolicy policy,
      ProtocolTiming timing,
      Listener listener) {
    this.loop = loop;
    this.room = room;
    this.identity = identity;
    this.policy = policy;
    this.timing = timing;
    this.listener = listener;
    this.waiting = new Announcements(loop::nanoTime);
    this.publications = new RateLimit(loop::nanoTime, MAX_PUBLICATIONS, RATE_WINDOW);
    this.welcomes = new RateLimit(loop::nanoTime, MAX_WELCOMES, RATE_WINDOW);
    this.strangers = new RateLimit(loop::nanoTime, MAX_PER_STRANGER, RATE_WINDOW);
    this.allStrangers = new RateLimit(loop::nanoTime, MAX_BY_STRANGERS, RATE_WINDOW);
  }

  /**
   * A timer that runs once, or not at all if it is set again or stopped. When it is due, what has
   * come from the room by then is handled first: a member that lags must not act on old news.
   */
  private final class OneTimer {
    private EventLoop.@Nullable Timer timer;

    void set(Duration delay, Runnable task) {
      stop();
      AtomicReference<EventLoop.Timer> self = new AtomicReference<>();
      Runnable last =
          () -> {
            if (timer == self.get()) {
              timer = null;
              if (!ended) {
                task.run();
              }
            }
          };
      self.set(loop.schedule(delay, () -> loop.execute(last)));
      timer = self.get();
    }

    boolean isSet() {
      return timer != null;
    }

    void stop() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }

  void onEvent(RoomEvent event) {
    if (ended) {
      return;
    }
    if (event instanceof RoomEvent.Received received) {
      onReceived(received);
    } else if (event instanceof RoomEvent.Entered entered) {
      onEntered(entered.elders());
    } else if (event instanceof RoomEvent.Arrived arrived) {
      present.add(arrived.occupant());
    } else if (event instanceof RoomEvent.Departed gone) {
      onDeparted(gone.occupant());
    } else if (event instanceof RoomEvent.Published publication) {
      onPublished(publication.occupant(), publication.octets());
    } else if (event instanceof RoomEvent.Malformed malformed) {
      listener.refused(malformed.occupant(), Reason.MALFORMED, malformed.reason());
    } else if (event instanceof RoomEvent.Disconnected) {
      onDisconnected();
    } else if (event instanceof RoomEvent.Resumed) {
      onResumed();
    } else if (event instanceof RoomEvent.Ended end) {
      end(end.reason());
    }
  }

  /** Returns the epoch that the endpoint is in, or null. */
  @Nullable MlsGroup group() {
    return group;
  }

  /** Returns who speaks the protocol and is in the room, oneself included, by the server's word. */
  Set<String> present() {
    return Collections.unmodifiableSet(present);
  }

  /** Forgets everything; nothing happens afterwards. */
  void end(String reason) {
    if (ended) {
      return;
    }
    ended = true;
    for (OneTimer timer :
        List.of(
            commitTimer,
            joinTimer,
            createTimer,
            publishTimer,
            missedTimer,
            offlineTimer,
            reunionTimer,
            resendTimer)) {
      timer.stop();
    }
    leaveGroup();
    own.clear();
    listener.stopSending();
    listener.event(new SessionEvent.Ended(reason));
  }

  // ---------------------------------------------------------------- the room

  private void onEntered(List<String> before) {
    connected = true;
    offlineTimer.stop();
    present.clear();
    present.addAll(before);
    present.add(room.occupant());
    ownPublication = null; // the room has forgotten it
    published.clear();
    waiting.clear();
    leaveGroup();
    awaitOthers();
    startJoining();
  }

  /**
   * If the room has forgotten everybody, they come back one by one. Until all are here, or the time
   * is up, media go on under the keys that they have in common.
   */
  private void awaitOthers() {
    if (reunionTimer.isSet() && awaited.isEmpty() && lastRoster != null && !silent) {
      awaited.addAll(lastRoster.names().values());
      awaited.remove(identity.name());
      lostMoment = lastMoment;
    }
  }

  /** Who is not back by now is not waited for. */
  private void endReunion() {
    boolean incomplete = !awaited.isEmpty();
    awaited.clear();
    if (incomplete && group != null) {
      tell(group, true, true);
    }
  }

  private void onDeparted(String occupant) {
    present.remove(occupant);
    elders.remove(occupant);
    waiting.remove(occupant);
    published.remove(occupant);
    if (group != null) {
      Member member = group.roster().occupant(occupant);
      if (member != null) {
        departed.add(leafKey(member));
      }
      evaluate();
    } else if (elders.isEmpty()) {
      createIfEldest();
    }
  }

  private void onDisconnected() {
    connected = false;
    degrade("connection to the room lost");
    commitTimer.stop();
    joinTimer.stop();
    createTimer.stop();
    offlineTimer.set(
        timing.offlineLimit(),
        () -> {
          silent = true;
          listener.stopSending();
        });
    if (lastRoster != null && !reunionTimer.isSet()) {
      reunionTimer.set(timing.reunionLimit(), this::endReunion);
    }
  }

  private void onResumed() {
    connected = true;
    offlineTimer.stop();
    if (awaited.isEmpty()) {
      reunionTimer.stop();
    }
    if (silent && group != null) {
      joinAnew("sending had stopped"); // it takes a new epoch to begin again
    } else if (group != null) {
      recover();
      resend();
      evaluate();
    } else {
      startJoining();
    }
  }

  private void onReceived(RoomEvent.Received message) {
    String from = message.occupant();
    switch (message.kind()) {
      case ANNOUNCE -> {
        if (from.equals(room.occupant()) || !message.toAll()) {
          return;
        }
        if (waiting.offer(from, message.octets())) {
          evaluate();
        } else {
          listener.refused(from, Reason.TOO_LARGE, "announced too much or too often");
        }
      }
      case COMMIT -> {
        if (message.toAll() && isWorthReading(from)) {
          onCommit(from, message.octets());
        }
      }
      case WELCOME -> {
        if (!own.isEmpty()) {
          onWelcome(from, message.octets());
        }
      }
      default -> listener.refused(from, Reason.UNSUPPORTED, "message of an unknown kind");
    }
  }

  /** Whether to spend time on a commit: always on a member's, now and then on a stranger's. */
  private boolean isWorthReading(String from) {
    MlsGroup current = group;
    if (current == null // nothing but memory is spent
        || from.equals(room.occupant())
        || current.roster().occupant(from) != null
        || (strangers.allows(from) && allStrangers.allows(""))) {
      return true;
    }
    listener.refused(from, Reason.TOO_LARGE, "sent too much");
    return false;
  }

  // ---------------------------------------------------------------- becoming a member

  private void startJoining() {
    elders.clear();
    elders.addAll(present);
    elders.remove(room.occupant());
    recentCommits.clear();
    attempts = 0;
    postponed = 0;
    commitSeen = false;
    if (elders.isEmpty()) {
      createIfEldest();
    } else {
      announce();
      createTimer.set(createDelay(), this::createAfterAll);
    }
  }

  private Duration createDelay() {
    return timing
        .createTimeout()
        .plus(timing.createTimeout().multipliedBy(elders.size()).dividedBy(10));
  }

  private void createIfEldest() {
    if (group == null && connected) {
      create();
    }
  }

  /** Those who were here before have no group, or none that is acceptable. */
  private void createAfterAll() {
    if (group != null || !connected) {
      return;
    }
    if (published.isEmpty() && recentCommits.isEmpty()) {
      create();
    } else {
      recentCommits.clear();
      createTimer.set(createDelay(), this::createAfterAll);
    }
  }

  private void create() {
    Announcement keys = newAnnouncement();
    confirmed = true;
    adopt(MlsGroup.create(keys, policy, random), true, true);
    if (ownPublication != null) {
      publish(); // nobody shall join the group that is given up
    }
  }

  private void announce() {
    Announcement announcement = newAnnouncement();
    own.addFirst(announcement); // an answer to one of those before may still be on its way
    if (own.size() > MAX_ANNOUNCEMENTS) {
      own.removeLast();
    }
    try {
      room.broadcast(ANNOUNCE, announcement.octets());
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "cannot announce", e);
    }
    Duration delay = timing.joinTimeout().multipliedBy(1L << Math.min(attempts, 3));
    attempts++;
    joinTimer.set(delay, this::joinAnotherWay);
  }

  private void joinAnotherWay() {
    if (group != null || !connected) {
      return;
    }
    if (commitSeen && postponed < MAX_POSTPONED) {
      // the members are busy; commits from outside would only compete with theirs
      commitSeen = false;
      postponed++;
      joinTimer.set(timing.joinTimeout(), this::joinAnotherWay);
      return;
    }
    announce(); // before the commit, which settles it if it is the first
    joinFromOutside();
  }

  private Announcement newAnnouncement() {
    return new Announcement(identity, policy, room.occupant());
  }

  /** Makes the step into the group that a GroupInfo is of, if that is one to join. */
  private PendingCommit stepFromOutside(byte[] groupInfo) throws RefusedException {
    PendingCommit commit = MlsGroup.joinFromOutside(newAnnouncement(), groupInfo, policy);
    requireNobodyReturned(commit.next());
    return commit;
  }

  private void joinFromOutside() {
    for (Map.Entry<String, byte[]> entry : List.copyOf(published.entrySet())) {
      try {
        send(stepFromOutside(entry.getValue()), true, List.of());
        return;
      } catch (RefusedException e) {
        published.remove(entry.getKey());
        refused(entry.getKey(), e);
      }
    }
  }

  private void onWelcome(String from, byte[] octets) {
    MlsGroup joined;
    try {
      if (!MlsGroup.isAnswer(own, octets, policy)) {
        return; // one for others, sent to all
      }
      if (!welcomes.allows(from)) {
        throw new RefusedException(Reason.TOO_LARGE, "too many Welcomes");
      }
      joined = MlsGroup.join(own, octets, policy);
      requireNobodyReturned(joined);
    } catch (RefusedException e) {
      refused(from, e);
      return;
    }
    if (!isBetter(joined.moment())) {
      joined.destroy();
      return;
    }
    List<byte[]> since = List.copyOf(recentCommits);
    own.clear();
    confirmed = true;
    adopt(joined, false, false);
    for (byte[] commit : since) {
      catchUp(commit);
    }
  }

  /**
   * Whether to follow a Welcome: not out of a group that has proven to be alive, unless it has gone
   * on in the meantime.
   */
  private boolean isBetter(GroupMoment offered) {
    MlsGroup current = group;
    if (current == null) {
      return true;
    }
    return current.moment().sameGroup(offered)
        ? current.moment().isBefore(offered)
        : !confirmed || isAlone(current);
  }

  /**
   * Refuses an epoch in which somebody is a member by a leaf that was removed, and who has not come
   * back since: it would be a step back. Signature keys are fresh with every leaf.
   */
  private void requireNobodyReturned(MlsGroup next) throws RefusedException {
    for (Member member : next.roster().members()) {
      if (removedKeys.containsKey(leafKey(member))) {
        throw new RefusedException(
            Reason.PAST_EPOCH, next.moment() + " is from before " + member + " was removed");
      }
    }
  }

  /** Processes a commit that may have come before the Welcome. */
  private void catchUp(byte[] commit) {
    try {
      if (group != null && MlsGroup.momentOfCommit(commit, policy).isSame(group.moment())) {
        onCommit(room.occupant(), commit);
      }
    } catch (RefusedException e) {
      LOGGER.log(Level.FINE, "unreadable commit", e);
    }
  }

  // ---------------------------------------------------------------- staying in step

  private void onCommit(String from, byte[] octets) {
    PendingCommit sent = pending;
    if (sent != null && sent.isEcho(octets)) {
      if (!pendingFromOutside) {
        welcome(pendingJoiners, sent);
        adopt(sent.next(), true, true);
      } else if (!wasOvertaken(sent)) {
        confirmed = false; // the GroupInfo may have been of a group that is no more
        adopt(sent.next(), true, false);
      } else {
        pending = null;
      }
      return;
    }
    MlsGroup current = group;
    if (current == null) {
      commitSeen = true;
      if (octets.length <= MAX_BATCH_BYTES * 2) {
        recentCommits.addLast(octets);
        if (recentCommits.size() > MAX_RECENT_COMMITS) {
          recentCommits.removeFirst();
        }
      }
      return;
    }
    try {
      MlsGroup next = current.process(octets, this::hasLeft);
      if (next != null) {
        own.clear();
        adopt(next, false, true);
        confirmed = true;
      } else if (current.isReplacedBy(octets)) {
        end("this identity joined from elsewhere");
      } else {
        joinAnew("removed by " + from);
      }
    } catch (RefusedException e) {
      if (e.reason() == Reason.PAST_EPOCH && from.equals(room.occupant())) {
        return; // sent twice, or overtaken
      }
      refused(from, e);
      if (e.reason() == Reason.FUTURE_EPOCH
          && current.roster().occupant(from) != null
          && !missedTimer.isSet()) {
        GroupMoment then = current.moment();
        missedTimer.set(timing.missedDelay(), () -> joinAnewIfStill(then));
      }
    }
  }

  private void joinAnewIfStill(GroupMoment then) {
    if (group != null && group.moment().isSame(then)) {
      joinAnew("an epoch was missed");
    }
  }

  private void joinAnew(String reason) {
    degrade(reason);
    leaveGroup();
    startJoining();
    if (group == null) {
      joinFromOutside();
    }
  }

  /** Whether a commit for the same epoch came before the own one from outside. */
  private boolean wasOvertaken(PendingCommit sent) {
    GroupMoment next = sent.next().moment();
    GroupMoment base = new GroupMoment(next.groupId(), next.epoch() - 1);
    for (byte[] commit : recentCommits) {
      try {
        GroupMoment moment = MlsGroup.momentOfCommit(commit, policy);
        if (moment.sameGroup(base) && !moment.isBefore(base)) {
          return true;
        }
      } catch (RefusedException e) {
        LOGGER.log(Level.FINE, "unreadable commit", e);
      }
    }
    return false;
  }

  /**
   * Goes over to an epoch.
   *
   * @param ownStep whether this member made it, and is to publish it
   * @param inLine whether it follows from the one before, and who is missing was removed
   */
  private void adopt(MlsGroup next, boolean ownStep, boolean inLine) {
    Roster before = group != null ? group.roster() : lastRoster;
    boolean successor = inLine && group != null;
    next.adopt(group);
    group = next;
    pending = null;
    pendingJoiners = List.of();
    recentCommits.clear();
    joinTimer.stop();
    createTimer.stop();
    missedTimer.stop();
    Set<ByteBuffer> keys = new HashSet<>();
    for (Member member : next.roster().members()) {
      keys.add(leafKey(member));
    }
    departed.retainAll(keys);
    boolean removed = false;
    Set<ByteBuffer> keysBefore = new HashSet<>();
    if (before != null) {
      for (Member member : before.members()) {
        ByteBuffer key = leafKey(member);
        keysBefore.add(key);
        if (!keys.contains(key)) {
          removed = true;
          if (inLine) {
            removedKeys.put(key, member.credential().fingerprint());
          }
        }
      }
    }
    Set<String> fingerprints = new HashSet<>();
    for (Member member : next.roster().members()) {
      fingerprints.add(member.credential().fingerprint());
      if (!keysBefore.contains(leafKey(member))) {
        waiting.remove(member.occupant());
      }
    }
    removedKeys.values().removeAll(fingerprints);
    while (removedKeys.size() > MAX_REMOVED_KEYS) {
      removedKeys.remove(removedKeys.keySet().iterator().next());
    }
    silent = false;
    lastRoster = next.roster();
    lastMoment = next.moment();
    tellUnlessAwaiting(next, successor ? before : null, removed || before == null);
    publishTimer.set(
        timing.publishDelay(),
        () -> {
          if (ownStep) {
            publish();
          }
          compareWithPublished();
        });
    needSinceNanos = null;
    evaluate();
  }

  /**
   * Tells of a new epoch, unless there are others to wait for: until then media, roster and code
   * stay those of the former group.
   *
   * @param predecessors the roster of the epoch from which this one follows, or null
   */
  private void tellUnlessAwaiting(
      MlsGroup next, @Nullable Roster predecessors, boolean immediately) {
    if (lostMoment != null && next.moment().sameGroup(lostMoment)) {
      awaited.clear(); // the others have never been away
    }
    boolean reunion = !awaited.isEmpty();
    boolean atOnce = immediately;
    if (reunion) {
      Set<String> names = new HashSet<>(next.roster().names().values());
      boolean left = predecessors != null && !names.containsAll(predecessors.names().values());
      awaited.removeAll(names);
      if (!left && !awaited.isEmpty()) {
        return;
      }
      awaited.clear();
      atOnce = left;
    }
    reunionTimer.stop();
    tell(next, atOnce, reunion);
  }

  private void tell(MlsGroup next, boolean immediately, boolean regrouped) {
    listener.epoch(next, immediately, regrouped);
    tellWhoChanged(toldRoster, next.roster());
    toldRoster = next.roster();
    recover();
  }

  private void tellWhoChanged(@Nullable Roster before, Roster after) {
    Set<String> namesBefore = before == null ? Set.of() : new HashSet<>(before.names().values());
    Set<String> namesAfter = new HashSet<>(after.names().values());
    if (before != null) {
      for (Member member : before.members()) {
        if (!namesAfter.contains(member.name())) {
          listener.event(new SessionEvent.MemberLeft(member));
        }
      }
    }
    for (Member member : after.members()) {
      if (!namesBefore.contains(member.name())) {
        listener.event(new SessionEvent.MemberJoined(member));
      }
    }
  }

  private void leaveGroup() {
    if (group != null) {
      group.destroy();
      group = null;
      if (ownPublication != null && connected) {
        withdraw(); // nobody shall join a group that is given up
      }
    }
    pending = null;
    pendingJoiners = List.of();
    departed.clear();
    needSinceNanos = null;
    commitTimer.stop();
    publishTimer.stop();
    missedTimer.stop();
  }

  // ---------------------------------------------------------------- committing

  /** What tells a leaf from all others, also from an earlier one of the same member. */
  private static ByteBuffer leafKey(Member member) {
    return ByteBuffer.wrap(member.signatureKey());
  }

  private boolean hasLeft(Member member) {
    return !present.contains(member.occupant()) || departed.contains(leafKey(member));
  }

  /** Looks whether somebody has to be added or removed, and whether it is this member's turn. */
  private void evaluate() {
    MlsGroup current = group;
    if (current == null || !connected || pending != null || missedTimer.isSet()) {
      return;
    }
    boolean leavers = false;
    boolean alone = true;
    int rank = 0;
    int self = current.ownLeaf();
    for (Member member : current.roster().members()) {
      if (member.leaf() == self) {
        continue;
      }
      if (hasLeft(member)) {
        leavers = true;
      } else {
        alone = false;
        rank += member.leaf() < self ? 1 : 0;
      }
    }
    if (!leavers && waiting.isEmpty()) {
      needSinceNanos = null;
      commitTimer.stop();
      return;
    }
    long now = loop.nanoTime();
    if (needSinceNanos == null) {
      needSinceNanos = now;
    }
    Duration delay = leavers ? Duration.ZERO : timing.batchDelay();
    if (alone && waiting.isEmpty()) {
      delay = timing.committerTimeout(); // a server that stops has all others leave first
    }
    delay = delay.plus(timing.committerTimeout().multipliedBy(Math.min(rank, MAX_PATIENT_RANK)));
    if (rank > MAX_PATIENT_RANK) {
      delay =
          delay.plus(timing.committerTimeout().multipliedBy(rank - MAX_PATIENT_RANK).dividedBy(4));
    }
    long dueInNanos = needSinceNanos + delay.toNanos() - now;
    if (dueInNanos <= 0) {
      commitTimer.stop();
      commit();
    } else {
      commitTimer.set(Duration.ofNanos(dueInNanos), this::evaluate);
    }
  }

  private void commit() {
    MlsGroup current = group;
    if (current == null) {
      return;
    }
    TreeSet<Integer> leavers = new TreeSet<>();
    for (Member member : current.roster().members()) {
      if (member.leaf() != current.ownLeaf() && hasLeft(member)) {
        leavers.add(member.leaf());
      }
    }
    Map<String, Candidate> joiners = readJoiners(current, leavers);
    if (leavers.isEmpty() && joiners.isEmpty()) {
      needSinceNanos = null;
      return;
    }
    if (current.roster().size() - leavers.size() + joiners.size() < 2) {
      create(); // the last member cannot commit
      return;
    }
    try {
      send(
          current.commit(List.copyOf(joiners.values()), leavers),
          false,
          List.copyOf(joiners.keySet()));
    } catch (RefusedException e) {
      // all was checked before; should it fail all the same, nobody may stop the group by it
      LOGGER.log(Level.WARNING, "cannot commit", e);
      joiners.keySet().forEach(waiting::remove);
      joiners.keySet().forEach(occupant -> refused(occupant, e));
      needSinceNanos = null;
      if (!joiners.isEmpty()) {
        evaluate();
      }
    }
  }

  /**
   * Reads the key packages of those who wait, and takes those away that are refused.
   *
   * @param leavers is added to: who joins in place of an earlier leaf has that one removed
   */
  private Map<String, Candidate> readJoiners(MlsGroup current, Set<Integer> leavers) {
    Map<String, Candidate> joiners = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    int octets = 0;
    for (String occupant : waiting.occupants(MAX_BATCH)) {
      byte[] keyPackage = waiting.of(occupant);
      octets += keyPackage.length;
      if (octets > MAX_BATCH_BYTES) {
        break;
      }
      try {
        Candidate candidate = MlsGroup.readAnnouncement(keyPackage, policy);
        if (!candidate.credential().occupant().equals(occupant)) {
          throw new RefusedException(
              Reason.CREDENTIAL, candidate + " was announced by " + occupant);
        }
        current.requireNew(candidate);
        if (!taken.add("name " + candidate.credential().name())
            || !taken.add("key " + candidate.credential().fingerprint())) {
          throw new RefusedException(Reason.DUPLICATE, candidate + " wants to join twice");
        }
        Set<Integer> replaced = current.leavesReplacedBy(candidate, this::hasLeft);
        if (replaced.contains(current.ownLeaf())) {
          continue; // another member will do it
        }
        if (current.roster().size() - leavers.size() - replaced.size() + joiners.size()
            >= policy.maxMembers()) {
          throw new RefusedException(Reason.GROUP_FULL, candidate + " finds no room");
        }
        leavers.addAll(replaced);
        joiners.put(occupant, candidate);
      } catch (RefusedException e) {
        waiting.remove(occupant);
        refused(occupant, e);
      }
    }
    return joiners;
  }

  private void send(PendingCommit commit, boolean fromOutside, List<String> joiners) {
    try {
      room.broadcast(COMMIT, commit.commit());
      pending = commit;
      pendingFromOutside = fromOutside;
      pendingJoiners = joiners;
      resendTimer.set(timing.resendDelay(), this::resend);
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "cannot commit", e);
      needSinceNanos = null;
      commitTimer.set(timing.committerTimeout(), this::evaluate);
    }
  }

  /**
   * Sends the pending commit again: a server may lose what was on its way when a connection broke,
   * even if it is resumed. Where both arrive, the second one is for a past epoch.
   */
  private void resend() {
    PendingCommit commit = pending;
    if (commit == null || !connected) {
      return;
    }
    try {
      room.broadcast(COMMIT, commit.commit());
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "cannot commit", e);
    }
    resendTimer.set(timing.resendDelay(), this::resend);
  }

  private void welcome(List<String> joiners, PendingCommit sent) {
    byte[] welcome = sent.welcome();
    if (welcome == null) {
      return;
    }
    try {
      if (joiners.size() > MAX_PRIVATE_WELCOMES) {
        room.broadcast(WELCOME, welcome);
      } else {
        for (String joiner : joiners) {
          room.sendTo(joiner, WELCOME, welcome);
        }
      }
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "cannot send a Welcome", e);
    }
  }

  // ---------------------------------------------------------------- publishing

  private void publish() {
    MlsGroup current = group;
    if (current == null || !connected) {
      return;
    }
    byte[] groupInfo = current.groupInfo();
    if (groupInfo.length > room.maxPublishedBytes()) {
      LOGGER.log(Level.FINE, "group is too large to be published");
      return;
    }
    try {
      room.publish(groupInfo);
      ownPublication = current.moment();
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "cannot publish", e);
    }
  }

  private void withdraw() {
    try {
      room.publish(new byte[0]);
      ownPublication = null;
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "cannot withdraw", e);
    }
  }

  private void onPublished(String occupant, byte[] octets) {
    published.remove(occupant);
    if (octets.length == 0 || occupant.equals(room.occupant())) {
      return;
    }
    if (!publications.allows(occupant)) {
      listener.refused(occupant, Reason.TOO_LARGE, "published too often");
      return;
    }
    GroupMoment moment;
    try {
      moment = MlsGroup.momentOf(octets, policy);
    } catch (RefusedException e) {
      refused(occupant, e);
      return;
    }
    published.put(occupant, octets);
    if (published.size() > MAX_PUBLISHED) {
      published.remove(published.keySet().iterator().next());
    }
    if (group != null) {
      compare(occupant, octets, moment);
    } else if (degraded && pending == null) {
      joinFromOutside();
    }
  }

  /** Looks at what others have published, once an epoch has lasted for a while. */
  private void compareWithPublished() {
    for (Map.Entry<String, byte[]> entry : List.copyOf(published.entrySet())) {
      try {
        compare(entry.getKey(), entry.getValue(), MlsGroup.momentOf(entry.getValue(), policy));
      } catch (RefusedException e) {
        throw new AssertionError("was read before", e);
      }
    }
  }

  /** Goes over to what somebody has published, if all members agree that it is what counts. */
  private void compare(String occupant, byte[] groupInfo, GroupMoment moment) {
    MlsGroup current = group;
    if (current == null) {
      return;
    }
    if (current.moment().sameGroup(moment)) {
      if (current.moment().isBefore(moment)) {
        joinAnewBy(occupant, groupInfo, "an epoch was missed");
      } else if (isSplitFrom(current, groupInfo)) {
        joinAnewBy(occupant, groupInfo, "the group is split");
      } else if (ownPublication != null && ownPublication.isBefore(moment)) {
        withdraw();
      }
    } else if (current.moment().yieldsTo(moment)) {
      joinAnewBy(occupant, groupInfo, "there is another group in the room");
    }
  }

  private static boolean isSplitFrom(MlsGroup current, byte[] groupInfo) {
    try {
      return current.compareSplit(groupInfo) < 0;
    } catch (RefusedException e) {
      throw new AssertionError("was read before", e);
    }
  }

  /** Leaves the group for another one or a later epoch, if that is one to join. */
  private void joinAnewBy(String occupant, byte[] groupInfo, String reason) {
    try {
      PendingCommit commit = stepFromOutside(groupInfo);
      degrade(reason);
      leaveGroup();
      startJoining();
      send(commit, true, List.of());
    } catch (RefusedException e) {
      published.remove(occupant);
      refused(occupant, e);
    }
  }

  private boolean isAlone(MlsGroup current) {
    for (Member member : current.roster().members()) {
      if (member.leaf() != current.ownLeaf() && !hasLeft(member)) {
        return false;
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- telling

  private void refused(String occupant, RefusedException e) {
    listener.refused(occupant, e.reason(), String.valueOf(e.getMessage()));
  }

  private void degrade(String reason) {
    degraded = true;
    listener.event(new SessionEvent.Degraded(reason));
  }

  private void recover() {
    if (degraded) {
      degraded = false;
      listener.event(new SessionEvent.Recovered());
    }
  }
}
