/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.LeafStatement;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.protocol.SessionEvent.Degraded.Cause;
import org.perc4j.e2e.protocol.SessionEvent.Ended;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;

/**
 * How one occupant of the room becomes a member of the group and stays in step with it;
 * docs/protocol.md specifies it. Belongs to one event loop: all methods are called there.
 *
 * <p>What counts is the room's order: the first valid commit for an epoch makes the next one, at
 * every member alike, and an own commit counts when it comes back as the first.
 *
 * <p>This class is where events and time lead from one {@link Standing} to another. What it decides
 * by, it asks: {@link Occupancy} who is there, {@link Precedence} which of two groups counts,
 * {@link Reunion} how long to send under old keys, {@link LeafHistory} who must not come back.
 * {@link Committer} makes and sends commits, {@link Neighbours} shows, asks and answers. What comes
 * of it goes out by {@link Outgoing} and {@link News}.
 */
public final class GroupProtocol {
  private static final int MAX_WELCOMES = 5;

  /** Announcement, commit and Welcome; the latter are long. */
  private static final int TRIPS_TO_JOIN = 12;

  private static final int MAX_PER_STRANGER = 50;
  private static final int MAX_BY_STRANGERS = 1000;
  private static final Duration RATE_WINDOW = Duration.ofSeconds(30);

  private static final Logger LOGGER = Logger.getLogger(GroupProtocol.class.getName());

  /** Is told what comes of it, on the event loop. */
  public interface Listener {
    /**
     * The endpoint is in a new epoch.
     *
     * @param immediately whether nothing must be sent under the keys before any more: there were
     *     none, or somebody who has them must not read from now on
     */
    void epoch(MlsGroup group, boolean immediately);

    /** There is something that the application should know. */
    void event(SessionEvent event);

    /** Something was refused. */
    void refused(String occupant, Reason reason, String detail);

    /** What is sent must not be protected any more with the keys at hand. */
    void stopSending();
  }

  private final EventLoop loop;
  private final String self;
  private final EndpointIdentity identity;
  private final GroupPolicy policy;
  private final ProtocolTiming timing;
  private final SecureRandom random;

  private final Occupancy occupancy;
  private final LeafHistory leaves = new LeafHistory();
  private final Announcements waiting;
  private final Reunion reunion;
  private final Outgoing out;
  private final News news;
  private final RoundTrip roundTrip;
  private final Neighbours neighbours;
  private final Committer committer;
  private final Announcing announcing;
  private final RateLimit welcomes;
  private final RateLimit strangers;
  private final RateLimit allStrangers;

  private Standing standing = new Standing.Absent();

  /** Whom the validator was told to be a member, by fingerprint. */
  private final Set<String> met = new HashSet<>();

  private final Timers timers;
  private final PatientTimer joinTimer;
  private final OneTimer forgetTimer;
  private final PatientTimer createTimer;
  private final OneTimer missedTimer;
  private final OneTimer reunionTimer;

  /**
   * Begins outside of the room.
   *
   * @param room where messages go; what comes from it is told by {@link #onEvent}
   * @param statement what it says of itself: listeners are the last to commit
   * @param random for what is unpredictable here; Bouncy Castle has its own
   */
  public GroupProtocol(
      EventLoop loop,
      RoomChannel room,
      EndpointIdentity identity,
      LeafStatement statement,
      GroupPolicy policy,
      ProtocolTiming timing,
      SecureRandom random,
      Listener listener) {
    this.loop = loop;
    this.self = room.occupant();
    this.identity = identity;
    this.policy = policy;
    this.timing = timing;
    this.random = random;
    this.timers = new Timers(loop);
    this.occupancy = new Occupancy(self);
    this.waiting = new Announcements(loop::nanoTime);
    this.reunion = new Reunion(identity.fingerprint(), timing);
    this.out = new Outgoing(room);
    this.roundTrip = new RoundTrip(loop, timers, out, random);
    this.news = new News(listener, policy::standing);
    this.neighbours =
        new Neighbours(
            loop,
            timers,
            self,
            policy,
            timing,
            random,
            occupancy,
            leaves,
            out,
            news,
            () -> standing);
    this.committer =
        new Committer(
            loop,
            timers,
            roundTrip,
            out,
            occupancy,
            waiting,
            new CommitMaker(policy, occupancy, waiting, news::refused),
            timing,
            random,
            this::group,
            this::groupInLine,
            this::create);
    this.announcing = new Announcing(loop, identity, statement, policy, self, this::onNotSigned);
    this.welcomes = new RateLimit(loop::nanoTime, MAX_WELCOMES, RATE_WINDOW);
    this.strangers = new RateLimit(loop::nanoTime, MAX_PER_STRANGER, RATE_WINDOW);
    this.allStrangers = new RateLimit(loop::nanoTime, MAX_BY_STRANGERS, RATE_WINDOW);
    this.joinTimer = new PatientTimer(loop, timers, roundTrip, TRIPS_TO_JOIN);
    this.forgetTimer = timers.one();
    this.createTimer = new PatientTimer(loop, timers, roundTrip, TRIPS_TO_JOIN);
    this.missedTimer = timers.one();
    this.reunionTimer = timers.one();
  }

  /** Something happened in the room. */
  public void onEvent(RoomEvent event) {
    if (standing instanceof Standing.Over) {
      return;
    }
    if (event instanceof RoomEvent.Received received) {
      onReceived(received);
    } else if (event instanceof RoomEvent.Entered entered) {
      onEntered(entered.elders());
    } else if (event instanceof RoomEvent.Arrived arrived) {
      occupancy.arrived(arrived.occupant());
    } else if (event instanceof RoomEvent.Departed gone) {
      onDeparted(gone.occupant());
    } else if (event instanceof RoomEvent.Published publication) {
      neighbours.onShown(publication);
      committer.evaluate();
    } else if (event instanceof RoomEvent.Malformed malformed) {
      news.refused(malformed.occupant(), Reason.MALFORMED, malformed.reason());
    } else if (event instanceof RoomEvent.Disconnected) {
      onDisconnected();
    } else if (event instanceof RoomEvent.Resumed) {
      onResumed();
    } else if (event instanceof RoomEvent.Ended end) {
      end(
          switch (end.cause()) {
            case LEFT -> Ended.Reason.LEFT;
            case REMOVED -> Ended.Reason.REMOVED;
            case REFUSED -> Ended.Reason.REFUSED;
            case LOST -> Ended.Reason.LOST;
          },
          end.detail());
    }
  }

  /** Returns the epoch that the endpoint is in, or null. */
  public @Nullable MlsGroup group() {
    return standing instanceof Standing.Membership member ? member.group() : null;
  }

  /** Returns the same if this occupant knows of nothing that it missed, and may go on. */
  private @Nullable MlsGroup groupInLine() {
    MlsGroup current = group();
    return current != null
            && out.isInReach()
            && !missedTimer.isSet()
            && neighbours.isInLineWithMost(current)
        ? current
        : null;
  }

  /** Returns who speaks the protocol and is in the room, oneself included, by the server's word. */
  public Set<String> present() {
    return occupancy.present();
  }

  /** Forgets everything; nothing happens afterwards. */
  public void end(Ended.Reason reason, String detail) {
    if (standing instanceof Standing.Over) {
      return;
    }
    leaveGroup();
    standing = new Standing.Over();
    timers.stopAll();
    announcing.forget();
    news.ended(reason, detail);
  }

  // ---------------------------------------------------------------- the room

  private void onEntered(List<String> elders) {
    out.reached();
    occupancy.entered(elders);
    neighbours.entered();
    waiting.clear();
    leaveGroup();
    reunion.entered(loop.nanoTime());
    watchTime();
    startJoining(null);
  }

  private void onDeparted(String occupant) {
    MlsGroup current = group();
    occupancy.departed(occupant, current == null ? null : current.roster());
    waiting.remove(occupant);
    neighbours.departed(occupant);
    if (standing instanceof Joining joining) {
      joining.departed(occupant);
      if (joining.isEldest() && out.isInReach()) {
        create();
      }
    } else {
      committer.evaluate();
    }
  }

  private void onDisconnected() {
    out.lost();
    news.degraded(Cause.DISCONNECTED, "connection to the room lost");
    joinTimer.stop();
    createTimer.stop();
    committer.lost();
    roundTrip.lost();
    neighbours.lost();
    reunion.lost(loop.nanoTime());
    watchTime();
  }

  private void onResumed() {
    out.reached();
    reunion.resumed(group() != null, loop.nanoTime());
    watchTime();
    if (group() == null) {
      startJoining(null);
    } else if (reunion.isSilent()) {
      // it takes a new epoch to begin again
      joinAnew(Cause.SILENT, "sending had stopped", null);
    } else {
      news.recovered();
      committer.resend();
      committer.evaluate();
      neighbours.inquire();
    }
  }

  private void watchTime() {
    Duration left = reunion.timeLeft(loop.nanoTime());
    if (left == null) {
      reunionTimer.stop();
    } else {
      reunionTimer.set(left, this::onTimeIsUp);
    }
  }

  private void onTimeIsUp() {
    MlsGroup current = out.isInReach() ? group() : null;
    switch (reunion.timeIsUp(current != null)) {
      case TELL -> {
        if (current != null) {
          news.epoch(current, new Reunion.Telling(true), true);
        }
      }
      case SILENCE -> news.stopSending();
      case NOTHING -> {}
    }
  }

  private void onReceived(RoomEvent.Received message) {
    String from = message.occupant();
    switch (message.kind()) {
      case MessageKind.ANNOUNCE -> {
        if (from.equals(self) || !message.toAll()) {
          return;
        }
        if (waiting.offer(from, message.octets())) {
          committer.evaluate();
        } else {
          boolean tooLong = message.octets().length > Announcements.MAX_LENGTH_BYTES;
          news.refused(
              from,
              tooLong ? Reason.TOO_LARGE : Reason.TOO_OFTEN,
              tooLong ? "announced too much" : "announced too often, or beside too many");
        }
      }
      case MessageKind.COMMIT -> {
        if (message.toAll() && isWorthReading(from)) {
          onCommit(from, message.octets());
        }
      }
      case MessageKind.WELCOME -> {
        if (!announcing.isEmpty()) {
          onWelcome(from, message.octets());
        }
      }
      case MessageKind.ASK -> {
        if (!message.toAll()) {
          neighbours.onQuestion(from, message.octets());
        }
      }
      case MessageKind.ANSWER -> {
        if (!message.toAll()) {
          onAnswer(from, message.octets());
        }
      }
      case MessageKind.ECHO -> {
        if (from.equals(self)) {
          roundTrip.cameBack(message.octets());
        }
      }
      default -> news.refused(from, Reason.UNSUPPORTED, "message of an unknown kind");
    }
  }

  /** Whether to spend time on a commit: always on a member's, now and then on a stranger's. */
  private boolean isWorthReading(String from) {
    MlsGroup current = group();
    if (current == null // nothing but memory is spent
        || from.equals(self)
        || current.roster().occupant(from) != null
        || (strangers.allows(from) && allStrangers.allows(""))) {
      return true;
    }
    news.refused(from, Reason.TOO_OFTEN, "sent too much");
    return false;
  }

  // ---------------------------------------------------------------- becoming a member

  /**
   * Starts anew.
   *
   * @param target the group to which this occupant goes over, or null for any
   */
  private void startJoining(@Nullable GroupMoment target) {
    join(target, this::announce);
  }

  private void join(@Nullable GroupMoment target, Consumer<Joining> firstAttempt) {
    neighbours.inNoGroup();
    forgetTimer.stop();
    Joining joining = new Joining(occupancy.others(), target);
    standing = joining;
    if (joining.isEldest()) {
      create();
    } else {
      firstAttempt.accept(joining);
      leaveTime(joining);
    }
  }

  /** Leaves others the time to let this occupant in. */
  private void leaveTime(Joining joining) {
    createTimer.set(joining.patience(timing), () -> createUnlessLetIn(joining));
  }

  private void createUnlessLetIn(Joining joining) {
    List<byte[]> announced = new ArrayList<>(waiting.keyPackages());
    announced.addAll(announcing.octets());
    if (joining.hasMoreTime(
        heard -> MlsGroup.isSignOfLife(heard.commit(), heard.from(), announced, policy))) {
      leaveTime(joining);
    } else if (joining.triesLast()) {
      neighbours.inquireOfAll();
      createTimer.set(timing.joinTimeout(), () -> createUnlessLetIn(joining));
    } else {
      create();
    }
  }

  private void create() {
    withAnnouncement(
        announcement -> {
          adopt(MlsGroup.create(announcement, policy, random), true, true, true);
          committer.renewLater();
          neighbours.showIfAnyIsShown(); // nobody shall join the group that is given up
        });
  }

  /** Goes on when the identity has vouched for fresh keys, if nothing has changed by then. */
  private void withAnnouncement(Consumer<Announcement> then) {
    Standing before = standing;
    announcing.make(
        announcement -> {
          if (standing == before && out.isInReach()) {
            then.accept(announcement);
          }
        });
  }

  private void onNotSigned(String detail) {
    if (standing instanceof Standing.Over) {
      return;
    }
    news.degraded(Cause.NOT_SIGNED, "the identity's key did not sign: " + detail);
    if (out.isInReach() && !createTimer.isSet()) {
      createTimer.set(timing.createTimeout(), this::createIfNeeded);
    }
  }

  private void createIfNeeded() {
    if (standing instanceof Joining) {
      create();
    } else {
      committer.evaluate(); // is everybody else still gone?
    }
  }

  private void awaitWelcome(Joining joining) {
    joinTimer.set(joining.attempt(timing, isSlow()), () -> joinAnotherWay(joining));
  }

  private void announce(Joining joining) {
    awaitWelcome(joining);
    withAnnouncement(
        announcement -> {
          announcing.announced(announcement);
          out.announce(announcement.octets());
        });
  }

  private void joinAnotherWay(Joining joining) {
    if (!postpones(joining)) {
      announce(joining);
      if (joining.asks()) {
        neighbours.inquireOfAll();
      }
    }
  }

  /** Whether the room takes longer for a message than a Welcome should take. */
  private boolean isSlow() {
    return roundTrip.lag().multipliedBy(2).compareTo(timing.joinTimeout()) > 0;
  }

  /** Waits on for a Welcome, if that is better; returns whether it does. */
  private boolean postpones(Joining joining) {
    boolean postponed = joining.postpones();
    if (postponed) {
      joinTimer.set(timing.joinTimeout(), () -> joinAnotherWay(joining));
    }
    return postponed;
  }

  private void onWelcome(String from, byte[] octets) {
    Announcement answered;
    MlsGroup joined;
    try {
      answered = announcing.answeredBy(octets);
      if (answered == null) {
        return; // one for others, sent to all
      }
      if (!welcomes.allows(from)) {
        throw new RefusedException(Reason.TOO_OFTEN, "too many Welcomes");
      }
      joined = MlsGroup.join(answered, octets, from, policy);
      requireAlive(joined);
    } catch (RefusedException e) {
      news.refused(from, e);
      return;
    }
    if (!isBetter(joined.moment())) {
      joined.destroy();
      return;
    }
    List<Joining.Heard> since = standing instanceof Joining joining ? joining.heard() : List.of();
    announcing.answered(answered);
    neighbours.follows();
    adopt(joined, false, false, true);
    committer.renewLater();
    since.forEach(heard -> catchUp(heard.commit()));
  }

  /**
   * Whether to follow a Welcome: not out of a group that has proven to be alive, unless it has gone
   * on in the meantime.
   */
  private boolean isBetter(GroupMoment offered) {
    if (standing instanceof Joining joining) {
      return joining.isWelcome(offered);
    }
    if (!(standing instanceof Standing.Membership member)) {
      return true;
    }
    GroupMoment current = member.group().moment();
    return current.sameGroup(offered)
        ? current.isBefore(offered)
        : !member.confirmed() || occupancy.isAlone(member.group());
  }

  /** Processes a commit that may have come before the Welcome. */
  private void catchUp(byte[] commit) {
    MlsGroup current = group();
    try {
      if (current != null && MlsGroup.momentOfCommit(commit, policy).isSame(current.moment())) {
        onCommit(self, commit);
      }
    } catch (RefusedException e) {
      LOGGER.log(Level.FINE, "unreadable commit", e);
    }
  }

  // ---------------------------------------------------------------- staying in step

  private void onCommit(String from, byte[] octets) {
    Step step = committer.echo(octets);
    if (step != null) {
      onOwnStep(step);
    } else if (standing instanceof Joining joining) {
      joining.heard(from, octets, loop.nanoTime());
    } else if (standing instanceof Standing.Membership member) {
      onOthersCommit(member.group(), from, octets);
    }
  }

  private void onOwnStep(Step step) {
    if (!step.fromOutside()) {
      out.welcome(step);
      committer.renewed();
      adopt(step.commit().next(), true, true, isConfirmed());
    } else if (standing instanceof Joining joining && joining.heardBefore(step, policy)) {
      committer.settled(); // overtaken
    } else {
      neighbours.follows();
      committer.renewed();
      adopt(step.commit().next(), true, false, false);
    }
  }

  private boolean isConfirmed() {
    return standing instanceof Standing.Membership member && member.confirmed();
  }

  private void onOthersCommit(MlsGroup current, String from, byte[] octets) {
    try {
      MlsGroup next = current.process(octets, occupancy::hasLeft);
      if (next != null) {
        neighbours.follows();
        adopt(next, false, true, true);
      } else if (current.isReplacedBy(octets)) {
        end(Ended.Reason.REPLACED, "this identity joined from elsewhere");
      } else if (announcing.isAddedBy(octets)) {
        leaveFor(Cause.REMOVED, "let in again by " + from);
        join(null, this::awaitWelcome);
      } else {
        joinAnew(Cause.REMOVED, "removed by " + from, null);
      }
    } catch (RefusedException e) {
      if (e.reason() == Reason.PAST_EPOCH && from.equals(self)) {
        return; // sent twice, or overtaken
      }
      news.refused(from, e);
      if (current.roster().occupant(from) != null) {
        onMembersCommitRefused(from, octets, e);
      }
    }
  }

  /** A member does what this one cannot follow: something was missed, or they do not agree. */
  private void onMembersCommitRefused(String from, byte[] octets, RefusedException e) {
    if (e.reason() == Reason.FUTURE_EPOCH) {
      if (!missedTimer.isSet()) {
        missedTimer.set(timing.missedDelay(), committer::evaluate); // no commits until then
      }
      try {
        neighbours.isIn(from, new GroupMark(MlsGroup.momentOfCommit(octets, policy), new byte[0]));
      } catch (RefusedException unreadable) {
        throw new AssertionError("was read before", unreadable);
      }
    } else {
      neighbours.dissentIf(from, e);
    }
  }

  /**
   * Leaves the group and comes back.
   *
   * @param target the group to go over to, whose members let this one in together with others who
   *     do the same; null for any
   */
  private void joinAnew(Cause cause, String detail, @Nullable GroupMoment target) {
    leaveFor(cause, detail);
    startJoining(target);
  }

  private void leaveFor(Cause cause, String detail) {
    news.degraded(cause, detail);
    leaveGroup();
    reunion.left(loop.nanoTime());
    watchTime();
  }

  /**
   * Goes over to an epoch.
   *
   * @param ownStep whether this member made it, and is to publish it
   * @param inLine whether it follows from the one before, and who is missing was removed
   * @param confirmed whether the group has proven to be alive
   */
  private void adopt(MlsGroup next, boolean ownStep, boolean inLine, boolean confirmed) {
    MlsGroup before = group();
    Roster predecessors = inLine && before != null ? before.roster() : null;
    next.adopt(before);
    standing = new Standing.Membership(next, confirmed);
    joinTimer.stop();
    createTimer.stop();
    missedTimer.stop();
    if (!announcing.isEmpty() && !forgetTimer.isSet()) {
      forgetTimer.set(RATE_WINDOW, announcing::forget); // by then, all are read
    }
    occupancy.inEpoch(next.roster());
    meet(next);
    LeafHistory.Change change = leaves.advance(next.roster(), inLine);
    change.added().forEach(member -> waiting.remove(member.occupant()));
    Reunion.Telling telling = reunion.epoch(next, predecessors, change.somebodyLeft());
    watchTime();
    if (telling != null) {
      news.epoch(next, telling, neighbours.accepts());
    }
    neighbours.inEpoch(next, ownStep);
    committer.settled();
    committer.evaluate();
  }

  /** Tells the validator of members whom it was not told of, if they are in the room. */
  private void meet(MlsGroup group) {
    Set<String> fingerprints = new HashSet<>();
    for (Member member : group.roster().members()) {
      String fingerprint = member.credential().fingerprint();
      fingerprints.add(fingerprint);
      if (!occupancy.hasLeft(member) && met.add(fingerprint)) {
        policy.adopted(member);
      }
    }
    met.retainAll(fingerprints);
  }

  private void leaveGroup() {
    MlsGroup current = group();
    if (current != null) {
      current.destroy();
      standing = new Standing.Absent();
    }
    occupancy.outOfGroup();
    committer.outOfGroup();
    neighbours.outOfGroup();
    missedTimer.stop();
  }

  // ---------------------------------------------------------------- going over

  /** Goes over to another epoch, if that is one to be in, and all members agree that it counts. */
  private void onAnswer(String from, byte[] octets) {
    try {
      long askedNanos = neighbours.askedNanos(from);
      GroupAnswer answer = neighbours.read(from, octets);
      MlsGroup current = group();
      if (standing instanceof Joining joining) {
        Step pending = committer.pending();
        boolean underWay = pending != null && pending.isFrom(answer.mark().moment());
        if (joining.asks() && !underWay && !postpones(joining)) {
          joining.stepsIn(askedNanos);
          withAnnouncement(announcement -> joinFromOutside(announcement, from, answer));
        }
        return;
      }
      if (current == null) {
        return;
      }
      Precedence.Verdict verdict = Precedence.compare(current, answer, occupancy);
      if (verdict == Precedence.Verdict.STAY) {
        neighbours.showUnlessOthersDo(current);
      } else {
        // is it one to join? The step itself is not made: many who go over would get in each
        // other's way, where one commit of a member lets all of them in
        requireJoinable(from, answer);
        joinAnew(
            switch (verdict) {
              case SPLIT -> Cause.SPLIT;
              case OTHER_GROUP -> Cause.OTHER_GROUP;
              default -> Cause.MISSED;
            },
            "there is " + answer.mark(),
            answer.mark().moment());
      }
    } catch (RefusedException e) {
      news.refused(from, e);
    }
  }

  /** Sends the step into the group that an answer is of, if that is one to join. */
  private void joinFromOutside(Announcement announcement, String from, GroupAnswer answer) {
    try {
      Step step =
          Step.fromOutside(MlsGroup.joinFromOutside(announcement, answer.groupInfo(), policy));
      requireAlive(step.commit().next());
      committer.send(step);
    } catch (RefusedException e) {
      neighbours.dissentIf(from, e);
      news.refused(from, e);
    }
  }

  /** Refuses the group that an answer is of, if it is not one to join. */
  private void requireJoinable(String from, GroupAnswer answer) throws RefusedException {
    try {
      Roster others = MlsGroup.rosterFromOutside(identity, answer.groupInfo(), policy);
      leaves.requireNobodyReturned(others, answer.mark().moment(), occupancy);
    } catch (RefusedException e) {
      neighbours.dissentIf(from, e);
      throw e;
    }
  }

  /** Refuses a group that is not that of the people in the room. */
  private void requireAlive(MlsGroup group) throws RefusedException {
    occupancy.requireMostPresent(group.roster().members().stream().map(Member::occupant).toList());
    leaves.requireNobodyReturned(group.roster(), group.moment(), occupancy);
  }
}
