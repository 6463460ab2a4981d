/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.ShownMark;
import org.perc4j.e2e.session.SessionEvent.Degraded.Cause;
import org.perc4j.e2e.xmpp.RoomChannel;
import org.perc4j.e2e.xmpp.RoomEvent;

/**
 * How one occupant of the room becomes a member of the group and stays in step with it;
 * docs/protocol.md specifies it. Belongs to one event loop: all methods are called there.
 *
 * <p>What counts is the room's order: the first valid commit for an epoch makes the next one, at
 * every member alike, and an own commit counts when it comes back as the first.
 *
 * <p>This class is where events and time lead from one {@link Standing} to another. What it decides
 * by, it asks: {@link Occupancy} who is there, {@link CommitTurn} when to commit, {@link
 * CommitMaker} what, {@link Inquiries} whom to ask about other groups, {@link Precedence} which of
 * two counts, {@link Reunion} how long to send under old keys, {@link LeafHistory} who must not
 * come back. What comes of it goes out by {@link Outgoing} and {@link News}.
 */
final class GroupProtocol {
  private static final int MAX_ANNOUNCEMENTS = 4;
  private static final int MAX_WELCOMES = 5;
  private static final int MAX_PER_STRANGER = 50;
  private static final int MAX_BY_STRANGERS = 1000;
  private static final Duration RATE_WINDOW = Duration.ofSeconds(30);

  /** When a leaf that came with a key package is renewed: half of the time that it is valid. */
  static final Duration RENEWAL = Duration.ofHours(12);

  /** Members renew their leaves at different times within this one. */
  private static final Duration RENEWAL_SPREAD = Duration.ofHours(1);

  private static final Duration RENEWAL_AGAIN = Duration.ofMinutes(1);

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
  private final String self;
  private final EndpointIdentity identity;
  private final GroupPolicy policy;
  private final ProtocolTiming timing;
  private final SecureRandom random = new SecureRandom();

  private final Occupancy occupancy;
  private final LeafHistory leaves = new LeafHistory();
  private final Inquiries inquiries;
  private final Answers answers;
  private final Dissent dissent = new Dissent();
  private final Reunion reunion;
  private final Announcements waiting;
  private final CommitTurn turn;
  private final CommitMaker maker;
  private final Outgoing out;
  private final News news;
  private final RateLimit welcomes;
  private final RateLimit strangers;
  private final RateLimit allStrangers;

  private Standing standing = new Standing.Absent();
  private boolean connected;

  /** Own announcements that a Welcome may answer, the newest first. */
  private final Deque<Announcement> own = new ArrayDeque<>();

  /** What is on its way and has not come back. */
  private @Nullable Step pending;

  /** What this occupant shows to all; its mark until somebody shows a later one. */
  private ShownMark shown = ShownMark.NOTHING;

  /** Whom the validator was told to be a member, by fingerprint. */
  private final Set<String> met = new HashSet<>();

  private final OneTimer commitTimer;
  private final OneTimer joinTimer;
  private final OneTimer createTimer;
  private final OneTimer showTimer;
  private final OneTimer missedTimer;
  private final OneTimer askTimer;
  private final OneTimer reunionTimer;
  private final OneTimer resendTimer;
  private final OneTimer renewalTimer;

  GroupProtocol(
      EventLoop loop,
      RoomChannel room,
      EndpointIdentity identity,
      GroupPolicy policy,
      ProtocolTiming timing,
      Listener listener) {
    this.loop = loop;
    this.self = room.occupant();
    this.identity = identity;
    this.policy = policy;
    this.timing = timing;
    this.occupancy = new Occupancy(self);
    this.inquiries = new Inquiries(loop::nanoTime, random);
    this.answers = new Answers(loop::nanoTime);
    this.reunion = new Reunion(identity.name(), timing);
    this.waiting = new Announcements(loop::nanoTime);
    this.turn = new CommitTurn(timing);
    this.out = new Outgoing(room);
    this.news = new News(listener, policy::standing);
    this.maker = new CommitMaker(policy, occupancy, waiting, news::refused);
    this.welcomes = new RateLimit(loop::nanoTime, MAX_WELCOMES, RATE_WINDOW);
    this.strangers = new RateLimit(loop::nanoTime, MAX_PER_STRANGER, RATE_WINDOW);
    this.allStrangers = new RateLimit(loop::nanoTime, MAX_BY_STRANGERS, RATE_WINDOW);
    this.commitTimer = new OneTimer(loop);
    this.joinTimer = new OneTimer(loop);
    this.createTimer = new OneTimer(loop);
    this.showTimer = new OneTimer(loop);
    this.missedTimer = new OneTimer(loop);
    this.askTimer = new OneTimer(loop);
    this.reunionTimer = new OneTimer(loop);
    this.resendTimer = new OneTimer(loop);
    this.renewalTimer = new OneTimer(loop);
  }

  void onEvent(RoomEvent event) {
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
      onShown(publication.occupant(), publication.octets());
    } else if (event instanceof RoomEvent.Malformed malformed) {
      news.refused(malformed.occupant(), Reason.MALFORMED, malformed.reason());
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
    return standing instanceof Standing.Membership member ? member.group() : null;
  }

  /** Returns who speaks the protocol and is in the room, oneself included, by the server's word. */
  Set<String> present() {
    return occupancy.present();
  }

  /** Forgets everything; nothing happens afterwards. */
  void end(String reason) {
    if (standing instanceof Standing.Over) {
      return;
    }
    leaveGroup();
    standing = new Standing.Over();
    for (OneTimer timer :
        List.of(
            commitTimer,
            joinTimer,
            createTimer,
            showTimer,
            missedTimer,
            askTimer,
            reunionTimer,
            resendTimer,
            renewalTimer)) {
      timer.stop();
    }
    own.clear();
    news.ended(reason);
  }

  // ---------------------------------------------------------------- the room

  private void onEntered(List<String> elders) {
    connected = true;
    occupancy.entered(elders);
    inquiries.clear();
    dissent.clear();
    shown = ShownMark.NOTHING; // the room has forgotten it
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
    inquiries.forget(occupant);
    if (dissent.departed(occupant)) {
      followAgain();
    }
    dissent.changes(current == null ? null : current.roster()).forEach(news::event);
    if (standing instanceof Joining joining) {
      joining.departed(occupant);
      if (joining.isEldest() && connected) {
        create();
      }
    } else {
      evaluate();
    }
  }

  private void onDisconnected() {
    connected = false;
    news.degraded(Cause.DISCONNECTED, "connection to the room lost");
    commitTimer.stop();
    joinTimer.stop();
    createTimer.stop();
    askTimer.stop();
    reunion.lost(loop.nanoTime());
    watchTime();
  }

  private void onResumed() {
    connected = true;
    reunion.resumed(group() != null, loop.nanoTime());
    watchTime();
    if (group() == null) {
      startJoining(null);
    } else if (reunion.isSilent()) {
      // it takes a new epoch to begin again
      joinAnew(Cause.SILENT, "sending had stopped", null);
    } else {
      news.recovered();
      resend();
      evaluate();
      inquire();
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
    MlsGroup current = connected ? group() : null;
    switch (reunion.timeIsUp(current != null)) {
      case TELL -> {
        if (current != null) {
          news.epoch(current, new Reunion.Telling(true, true), true);
        }
      }
      case SILENCE -> news.stopSending();
      case NOTHING -> {}
    }
  }

  private void onReceived(RoomEvent.Received message) {
    String from = message.occupant();
    switch (message.kind()) {
      case Outgoing.ANNOUNCE -> {
        if (from.equals(self) || !message.toAll()) {
          return;
        }
        if (waiting.offer(from, message.octets())) {
          evaluate();
        } else {
          news.refused(from, Reason.TOO_LARGE, "announced too much or too often");
        }
      }
      case Outgoing.COMMIT -> {
        if (message.toAll() && isWorthReading(from)) {
          onCommit(from, message.octets());
        }
      }
      case Outgoing.WELCOME -> {
        if (!own.isEmpty()) {
          onWelcome(from, message.octets());
        }
      }
      case Outgoing.ASK -> {
        MlsGroup current = group();
        if (!message.toAll() && !from.equals(self) && current != null) {
          onQuestion(current, from, message.octets());
        }
      }
      case Outgoing.ANSWER -> {
        if (!message.toAll()) {
          onAnswer(from, message.octets());
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
    news.refused(from, Reason.TOO_LARGE, "sent too much");
    return false;
  }

  // ---------------------------------------------------------------- becoming a member

  /**
   * Starts anew.
   *
   * @param target the group to which this occupant goes over, or null for any
   */
  private void startJoining(@Nullable GroupMoment target) {
    inquiries.selfIsIn(null);
    Joining joining = new Joining(occupancy.others(), target);
    standing = joining;
    if (joining.isEldest()) {
      create();
    } else {
      announce(joining);
      createTimer.set(joining.patience(timing), this::create);
    }
  }

  private void create() {
    adopt(MlsGroup.create(newAnnouncement(), policy, random), true, true, true);
    renewLater();
    if (shown.mark() != null) {
      show(); // nobody shall join the group that is given up
    }
  }

  private Announcement newAnnouncement() {
    return new Announcement(identity, policy, self);
  }

  private void announce(Joining joining) {
    Announcement announcement = newAnnouncement();
    own.addFirst(announcement); // an answer to one of those before may still be on its way
    if (own.size() > MAX_ANNOUNCEMENTS) {
      own.removeLast();
    }
    out.announce(announcement.octets());
    joinTimer.set(joining.attempt(timing), () -> joinAnotherWay(joining));
  }

  private void joinAnotherWay(Joining joining) {
    if (joining.postpones()) {
      joinTimer.set(timing.joinTimeout(), () -> joinAnotherWay(joining));
    } else {
      announce(joining);
      if (joining.asks()) {
        inquiries.maybeIn(occupancy.others());
        inquire();
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
      joined = MlsGroup.join(own, octets, from, policy);
      requireAlive(joined);
    } catch (RefusedException e) {
      news.refused(from, e);
      return;
    }
    if (!isBetter(joined.moment())) {
      joined.destroy();
      return;
    }
    List<byte[]> since = standing instanceof Joining joining ? joining.heard() : List.of();
    own.clear();
    dissent.follows();
    adopt(joined, false, false, true);
    renewLater();
    since.forEach(this::catchUp);
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
    Step step = pending;
    if (step != null && step.commit().isEcho(octets)) {
      onOwnStep(step);
    } else if (standing instanceof Joining joining) {
      joining.heard(octets);
    } else if (standing instanceof Standing.Membership member) {
      onOthersCommit(member.group(), from, octets);
    }
  }

  private void onOwnStep(Step step) {
    if (!step.fromOutside()) {
      out.welcome(step);
      renewalTimer.stop(); // the own leaf is a new one
      adopt(step.commit().next(), true, true, isConfirmed());
    } else if (standing instanceof Joining joining && joining.heardBefore(step, policy)) {
      pending = null; // overtaken
    } else {
      dissent.follows();
      renewalTimer.stop(); // the own leaf came with a commit
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
        own.clear();
        dissent.follows();
        adopt(next, false, true, true);
      } else if (current.isReplacedBy(octets)) {
        end("this identity joined from elsewhere");
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
      try {
        inquiries.isIn(from, new GroupMark(MlsGroup.momentOfCommit(octets, policy), new byte[0]));
      } catch (RefusedException unreadable) {
        throw new AssertionError("was read before", unreadable);
      }
      if (!missedTimer.isSet()) {
        missedTimer.set(timing.missedDelay(), this::evaluate); // no commits until then
      }
      inquire();
    } else {
      dissentIf(from, e);
    }
  }

  /**
   * Leaves the group and comes back.
   *
   * @param target the group to go over to, whose members let this one in together with others who
   *     do the same; null for any
   */
  private void joinAnew(Cause cause, String detail, @Nullable GroupMoment target) {
    news.degraded(cause, detail);
    leaveGroup();
    reunion.left(loop.nanoTime());
    watchTime();
    startJoining(target);
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
    pending = null;
    joinTimer.stop();
    createTimer.stop();
    missedTimer.stop();
    inquiries.selfIsIn(next.mark());
    occupancy.inEpoch(next.roster());
    meet(next);
    LeafHistory.Change change = leaves.advance(next.roster(), inLine);
    change.added().forEach(member -> waiting.remove(member.occupant()));
    Reunion.Telling telling = reunion.epoch(next, predecessors, change.somebodyLeft());
    watchTime();
    if (telling != null) {
      news.epoch(next, telling, dissent.notAccepted() == null);
    }
    dissent.changes(next.roster()).forEach(news::event);
    askTimer.stop();
    showTimer.set(
        timing.publishDelay(),
        () -> {
          if (ownStep) {
            show();
          } else if (shown.notAccepted() != null && dissent.notAccepted() == null) {
            withdraw();
          }
          inquire();
        });
    turn.reset();
    evaluate();
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
      if (shown.mark() != null && connected) {
        withdraw(); // nobody shall join a group that is given up
      }
    }
    pending = null;
    occupancy.outOfGroup();
    turn.reset();
    commitTimer.stop();
    showTimer.stop();
    askTimer.stop();
    missedTimer.stop();
    renewalTimer.stop();
  }

  // ---------------------------------------------------------------- committing

  /** Looks whether somebody has to be added or removed, and whether it is this member's turn. */
  private void evaluate() {
    MlsGroup current = group();
    if (current == null
        || !connected
        || pending != null
        || missedTimer.isSet()
        || !isInLineWithMost(current)) {
      return;
    }
    Duration delay = turn.untilTurn(current, occupancy, !waiting.isEmpty(), loop.nanoTime());
    commitTimer.stop();
    if (delay == null) {
      Duration later = waiting.untilNext();
      if (later != null) {
        commitTimer.set(later, this::evaluate);
      }
    } else if (delay.isNegative() || delay.isZero()) {
      commit(current);
    } else {
      commitTimer.set(delay, this::evaluate);
    }
  }

  private void commit(MlsGroup current) {
    int before = waiting.size();
    CommitMaker.Outcome outcome = maker.make(current);
    if (outcome instanceof CommitMaker.Outcome.Commit commit) {
      send(commit.step());
    } else if (outcome instanceof CommitMaker.Outcome.Alone) {
      create();
    } else {
      turn.reset();
      if (outcome instanceof CommitMaker.Outcome.Again || waiting.size() < before) {
        evaluate(); // there may be more than were looked at
      }
    }
  }

  private void renewLater() {
    long spread = random.nextInt((int) RENEWAL_SPREAD.toSeconds());
    renewalTimer.set(RENEWAL.plusSeconds(spread), this::renew);
  }

  /** Gives the own leaf new keys, before its key package is not valid any more. */
  private void renew() {
    renewalTimer.set(RENEWAL_AGAIN, this::renew); // unless this step counts
    MlsGroup current = group();
    if (current == null || !connected || pending != null || current.roster().size() < 2) {
      return;
    }
    try {
      send(new Step(current.commit(List.of(), List.of()), false, List.of()));
    } catch (RefusedException e) {
      throw new AssertionError("changes no roster", e);
    }
  }

  private void send(Step step) {
    if (out.commit(step)) {
      pending = step;
      resendTimer.set(timing.resendDelay(), this::resend);
    } else {
      turn.reset();
      commitTimer.set(timing.committerTimeout(), this::evaluate);
    }
  }

  /**
   * Sends the pending commit again: a server may lose what was on its way when a connection broke,
   * even if it is resumed. Where both arrive, the second one is for a past epoch.
   */
  private void resend() {
    if (pending != null && connected) {
      out.commit(pending);
      resendTimer.set(timing.resendDelay(), this::resend);
    }
  }

  // ---------------------------------------------------------------- other groups

  private void show() {
    MlsGroup current = group();
    GroupMark mark = current == null ? null : current.mark();
    show(new ShownMark(mark, dissent.notAccepted()));
  }

  private void withdraw() {
    show(new ShownMark(null, dissent.notAccepted()));
  }

  private void show(ShownMark what) {
    if (connected && out.show(what)) {
      shown = what;
    }
  }

  /** Shows those of another group that there is this one, if no other member does. */
  private void showUnlessOthersDo(MlsGroup current) {
    GroupMark mark = current.mark();
    boolean done = shown.mark() != null && shown.mark().isSame(mark);
    if (!done && !showTimer.isSet()) {
      Duration delay = timing.committerTimeout().multipliedBy(occupancy.rank(current)).dividedBy(4);
      showTimer.set(
          delay,
          () -> {
            if (inquiries.isIn(mark).isEmpty()) {
              show();
            }
          });
    }
  }

  private void onShown(String occupant, byte[] octets) {
    if (occupant.equals(self)) {
      return;
    }
    ShownMark theirs = ShownMark.NOTHING;
    try {
      theirs = ShownMark.parse(octets);
    } catch (RefusedException e) {
      news.refused(occupant, e);
    }
    inquiries.isIn(occupant, theirs.mark());
    dissent.shows(occupant, theirs.notAccepted());
    MlsGroup current = group();
    dissent.changes(current == null ? null : current.roster()).forEach(news::event);
    GroupMark mine = shown.mark();
    if (mine != null && inquiries.showsLater(mine) && isPast(mine)) {
      withdraw();
    }
    inquire();
    evaluate();
  }

  private boolean isPast(GroupMark mark) {
    MlsGroup current = group();
    return current != null
        && current.moment().sameGroup(mark.moment())
        && mark.moment().isBefore(current.moment());
  }

  /** Asks those who show what does not fit to where this occupant is. */
  private void inquire() {
    if (!connected
        || standing instanceof Standing.Absent
        || (standing instanceof Joining joining && !joining.asks())) {
      return;
    }
    Inquiries.Question question = inquiries.next(leaves::knows);
    while (question != null) {
      out.ask(question);
      question = inquiries.next(leaves::knows);
    }
    Duration pause = inquiries.untilNext();
    if (pause == null) {
      askTimer.stop();
    } else {
      askTimer.set(pause, this::inquire);
    }
  }

  private void onQuestion(MlsGroup current, String from, byte[] nonce) {
    byte[] answer = answers.answer(current, from, nonce);
    if (answer == null) {
      news.refused(from, Reason.TOO_LARGE, "asked too much or too often");
    } else {
      out.answer(from, answer);
    }
  }

  /** Goes over to another epoch, if that is one to be in, and all members agree that it counts. */
  private void onAnswer(String from, byte[] octets) {
    try {
      byte[] nonce = inquiries.answered(from);
      if (nonce == null) {
        throw new RefusedException(Reason.UNASKED, "an answer that nobody waits for");
      }
      GroupAnswer answer = GroupAnswer.read(octets, nonce, self, from, policy);
      occupancy.requireMostPresent(answer.occupants());
      MlsGroup current = group();
      if (standing instanceof Joining joining) {
        boolean underWay = pending != null && pending.isFrom(answer.mark().moment());
        if (joining.asks() && !underWay) {
          send(stepFromOutside(from, answer));
        }
        return;
      }
      if (current == null) {
        return;
      }
      Precedence.Verdict verdict = Precedence.compare(current, answer, occupancy);
      if (verdict == Precedence.Verdict.STAY) {
        showUnlessOthersDo(current);
      } else {
        // is it one to join? The step itself is not made: many who go over would get in each
        // other's way, where one commit of a member lets all of them in
        stepFromOutside(from, answer).commit().next().destroy();
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

  /** Makes the step into the group that an answer is of, if that is one to join. */
  private Step stepFromOutside(String from, GroupAnswer answer) throws RefusedException {
    try {
      Step step =
          Step.fromOutside(MlsGroup.joinFromOutside(newAnnouncement(), answer.groupInfo(), policy));
      requireAlive(step.commit().next());
      return step;
    } catch (RefusedException e) {
      dissentIf(from, e);
      throw e;
    }
  }

  // ---------------------------------------------------------------- who is not accepted

  /**
   * Does not follow somebody in the room who accepts whom this occupant does not, if that is why
   * something was refused; says so to the application and to all others.
   */
  private void dissentIf(String from, RefusedException e) {
    String notAccepted = e.notAccepted();
    if (notAccepted != null && dissent.refuses(from, notAccepted)) {
      news.degraded(Cause.NOT_ACCEPTED, String.valueOf(e.getMessage()));
      show();
    }
  }

  private void followAgain() {
    if (group() != null) {
      news.recovered();
    }
    if (shown.notAccepted() != null) {
      show();
    }
  }

  /**
   * Whether most members who are online are where this one is, as far as it can know: who does not
   * follow others must not go on by itself, unless most do not follow them.
   */
  private boolean isInLineWithMost(MlsGroup current) {
    if (dissent.notAccepted() == null) {
      return true;
    }
    Set<String> here = new HashSet<>(inquiries.isIn(current.mark()));
    int online = 1;
    int inLine = 1;
    for (Member member : current.roster().members()) {
      if (member.leaf() != current.ownLeaf() && !occupancy.hasLeft(member)) {
        online++;
        inLine += here.contains(member.occupant()) ? 1 : 0;
      }
    }
    return 2 * inLine > online;
  }

  /** Refuses a group that is not that of the people in the room. */
  private void requireAlive(MlsGroup group) throws RefusedException {
    occupancy.requireMostPresent(group.roster().members().stream().map(Member::occupant).toList());
    leaves.requireNobodyReturned(group, occupancy);
  }
}
