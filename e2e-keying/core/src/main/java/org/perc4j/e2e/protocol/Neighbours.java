/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.ShownMark;
import org.perc4j.e2e.protocol.SessionEvent.Degraded.Cause;
import org.perc4j.e2e.room.RoomEvent;

/**
 * What this occupant and the others tell each other of the groups that they are in: what is shown
 * to all, questions about it, answers, and who does not follow the others. What an answer leads to
 * is not decided here. Belongs to one event loop.
 */
final class Neighbours {
  private final String self;
  private final GroupPolicy policy;
  private final ProtocolTiming timing;
  private final Occupancy occupancy;
  private final LeafHistory leaves;
  private final Outgoing out;
  private final News news;
  private final Supplier<Standing> standing;

  private final Inquiries inquiries;
  private final Answers answers;
  private final Dissent dissent = new Dissent();

  /** What this occupant shows to all; its mark until somebody shows a later one. */
  private ShownMark shown = ShownMark.NOTHING;

  private final OneTimer showTimer;
  private final OneTimer askTimer;

  /**
   * Begins with nobody.
   *
   * @param standing what this occupant is to the group
   */
  Neighbours(
      EventLoop loop,
      Timers timers,
      String self,
      GroupPolicy policy,
      ProtocolTiming timing,
      SecureRandom random,
      Occupancy occupancy,
      LeafHistory leaves,
      Outgoing out,
      News news,
      Supplier<Standing> standing) {
    this.self = self;
    this.policy = policy;
    this.timing = timing;
    this.occupancy = occupancy;
    this.leaves = leaves;
    this.out = out;
    this.news = news;
    this.standing = standing;
    this.inquiries = new Inquiries(loop::nanoTime, () -> occupancy.present().size(), random);
    this.answers = new Answers(loop::nanoTime);
    this.showTimer = timers.one();
    this.askTimer = timers.one();
  }

  private @Nullable MlsGroup group() {
    return standing.get() instanceof Standing.Membership member ? member.group() : null;
  }

  // ---------------------------------------------------------------- the room, and the own group

  /** The room was entered: it has forgotten everything. */
  void entered() {
    inquiries.clear();
    dissent.clear();
    shown = ShownMark.NOTHING;
  }

  /** The room is out of reach. */
  void lost() {
    askTimer.stop();
  }

  void departed(String occupant) {
    inquiries.forget(occupant);
    if (dissent.departed(occupant)) {
      if (group() != null) {
        news.recovered();
      }
      if (shown.notAccepted() != null) {
        show();
      }
    }
    tellWhoFollows();
  }

  /** This occupant is on its way to a group. */
  void inNoGroup() {
    inquiries.selfIsIn(null);
  }

  /**
   * This occupant is in another epoch.
   *
   * @param ownStep whether it made it, and is to show it
   */
  void inEpoch(MlsGroup next, boolean ownStep) {
    inquiries.selfIsIn(next.mark());
    tellWhoFollows();
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
  }

  /** This occupant is a member no more: nobody shall join a group that is given up. */
  void outOfGroup() {
    showTimer.stop();
    askTimer.stop();
    if (shown.mark() != null && out.isInReach()) {
      withdraw();
    }
  }

  // ---------------------------------------------------------------- showing

  /** Shows this group in place of another one, if that is shown. */
  void showIfAnyIsShown() {
    if (shown.mark() != null) {
      show();
    }
  }

  private void show() {
    MlsGroup current = group();
    show(new ShownMark(current == null ? null : current.mark(), dissent.notAccepted()));
  }

  private void withdraw() {
    show(new ShownMark(null, dissent.notAccepted()));
  }

  private void show(ShownMark what) {
    if (out.isInReach() && out.show(what)) {
      shown = what;
    }
  }

  /** Shows those of another group that there is this one, if no other member does. */
  void showUnlessOthersDo(MlsGroup current) {
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

  void onShown(RoomEvent.Published publication) {
    String occupant = publication.occupant();
    if (occupant.equals(self)) {
      return;
    }
    ShownMark theirs = ShownMark.NOTHING;
    try {
      theirs = ShownMark.parse(publication.octets());
    } catch (RefusedException e) {
      news.refused(occupant, e);
    }
    inquiries.isIn(occupant, theirs.mark());
    dissent.shows(occupant, theirs.notAccepted());
    tellWhoFollows();
    GroupMark mine = shown.mark();
    if (mine != null && inquiries.showsLater(mine) && isPast(mine)) {
      withdraw();
    }
    inquire();
  }

  private boolean isPast(GroupMark mark) {
    MlsGroup current = group();
    return current != null
        && current.moment().sameGroup(mark.moment())
        && mark.moment().isBefore(current.moment());
  }

  // ---------------------------------------------------------------- asking and answering

  /** Somebody is in another epoch, as what it sends tells. */
  void isIn(String occupant, GroupMark mark) {
    inquiries.isIn(occupant, mark);
    inquire();
  }

  /** Asks those, too, who show nothing. */
  void inquireOfAll() {
    inquiries.maybeIn(occupancy.others());
    inquire();
  }

  /** Asks those who show what does not fit to where this occupant is. */
  void inquire() {
    Standing now = standing.get();
    if (!out.isInReach()
        || now instanceof Standing.Absent
        || (now instanceof Joining joining && !joining.asks())) {
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

  void onQuestion(String from, byte[] nonce) {
    MlsGroup current = group();
    if (current == null || from.equals(self)) {
      return;
    }
    byte[] answer = answers.answer(current, from, nonce);
    if (answer == null) {
      boolean isQuestion = nonce.length == GroupAnswer.NONCE_BYTES;
      news.refused(
          from,
          isQuestion ? Reason.TOO_OFTEN : Reason.MALFORMED,
          isQuestion ? "asked too often" : "question of " + nonce.length + " octets");
    } else {
      out.answer(from, answer);
    }
  }

  /** Returns when an occupant was asked last, by the loop's time; now if it was not. */
  long askedNanos(String occupant) {
    return inquiries.askedNanos(occupant);
  }

  /** Reads an answer to a question that was asked, of a group whose members are in the room. */
  GroupAnswer read(String from, byte[] octets) throws RefusedException {
    byte[] nonce = inquiries.answered(from);
    if (nonce == null) {
      throw new RefusedException(Reason.UNASKED, "an answer that nobody waits for");
    }
    GroupAnswer answer = GroupAnswer.read(octets, nonce, self, from, policy);
    occupancy.requireMostPresent(answer.occupants());
    return answer;
  }

  // ---------------------------------------------------------------- who is not accepted

  /** Whether this occupant accepts whom the others accepted, as far as it knows. */
  boolean accepts() {
    return dissent.notAccepted() == null;
  }

  /** This occupant is in step with others again. */
  void follows() {
    dissent.follows();
  }

  /**
   * Does not follow somebody in the room who accepts whom this occupant does not, if that is why
   * something was refused; says so to the application and to all others.
   */
  void dissentIf(String from, RefusedException e) {
    String notAccepted = e.notAccepted();
    if (notAccepted != null && dissent.refuses(from, notAccepted)) {
      news.degraded(Cause.NOT_ACCEPTED, String.valueOf(e.getMessage()));
      show();
    }
  }

  private void tellWhoFollows() {
    MlsGroup current = group();
    dissent.changes(current == null ? null : current.roster()).forEach(news::event);
  }

  /**
   * Whether most members who are online are where this one is, as far as it can know: who does not
   * follow others must not go on by itself, unless most do not follow them.
   */
  boolean isInLineWithMost(MlsGroup current) {
    if (accepts()) {
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
}
