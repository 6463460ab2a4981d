/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.Roster;

/** Tells the application what comes of it, and what that changed. Not thread-safe. */
final class News {
  private final GroupProtocol.Listener listener;
  private final Function<Member, Standing> standing;
  private @Nullable Roster told;
  private boolean degraded;

  News(GroupProtocol.Listener listener, Function<Member, Standing> standing) {
    this.listener = listener;
    this.standing = standing;
  }

  /**
   * There is a new epoch.
   *
   * @param inStep whether all is well with it
   */
  void epoch(MlsGroup next, Reunion.Telling how, boolean inStep) {
    listener.epoch(next, how.immediately());
    tellWhoChanged(told, next.roster());
    told = next.roster();
    if (inStep) {
      recovered();
    }
  }

  private void tellWhoChanged(@Nullable Roster before, Roster after) {
    Set<String> keysBefore = before == null ? Set.of() : before.fingerprints();
    Set<String> keysAfter = after.fingerprints();
    if (before != null) {
      for (Member member : before.members()) {
        if (!keysAfter.contains(member.credential().fingerprint())) {
          listener.event(new SessionEvent.MemberLeft(member));
        }
      }
    }
    for (Member member : after.members()) {
      if (!keysBefore.contains(member.credential().fingerprint())) {
        listener.event(new SessionEvent.MemberJoined(member, standing.apply(member)));
      }
    }
  }

  /** This occupant is not in step, or not connected. */
  void degraded(SessionEvent.Degraded.Cause cause, String detail) {
    degraded = true;
    listener.event(new SessionEvent.Degraded(cause, detail));
  }

  void event(SessionEvent event) {
    listener.event(event);
  }

  /** All is well, if it was not. */
  void recovered() {
    if (degraded) {
      degraded = false;
      listener.event(new SessionEvent.Recovered());
    }
  }

  /** Nothing must be sent any more with the keys at hand. */
  void stopSending() {
    listener.stopSending();
  }

  void refused(String occupant, RefusedException e) {
    listener.refused(occupant, e.reason(), String.valueOf(e.getMessage()));
  }

  void refused(String occupant, RefusedException.Reason reason, String detail) {
    listener.refused(occupant, reason, detail);
  }

  /** It is over. */
  void ended(SessionEvent.Ended.Reason reason, String detail) {
    listener.stopSending();
    listener.event(new SessionEvent.Ended(reason, detail));
  }
}
