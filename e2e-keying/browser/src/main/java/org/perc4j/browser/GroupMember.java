/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException;
import org.teavm.jso.JSExport;

/**
 * A member of a room's group, as a page has it. What is refused is thrown, as an {@code Error} with
 * the reason at the beginning of its message, and has changed nothing.
 *
 * <p>So far its identity is one of the page's own, which ends with it, and everybody is accepted.
 */
public final class GroupMember {
  private final EndpointIdentity identity;
  private final GroupPolicy policy;
  private final String occupant;
  private @Nullable Announcement announcement;
  private @Nullable PendingCommit pending;
  private @Nullable MlsGroup group;

  private GroupMember(String room, String name, String occupant) {
    this.identity = EndpointIdentity.generate(name, new SecureRandom());
    this.policy =
        new GroupPolicy(room, credential -> {}, GroupPolicy.DEFAULT_MAX_MEMBERS, Clock.systemUTC());
    this.occupant = occupant;
  }

  /** Nothing happens until a page calls. */
  public static void main(String[] unused) {}

  /** Returns somebody who is in no group yet. */
  @JSExport
  public static GroupMember of(String room, String name, String occupant) {
    return new GroupMember(room, name, occupant);
  }

  /** Returns a key package with fresh keys. */
  @JSExport
  public byte[] announce() {
    Announcement fresh = new Announcement(identity, policy, occupant);
    announcement = fresh;
    return fresh.octets();
  }

  /** Makes a group. */
  @JSExport
  public void create() {
    adopt(
        MlsGroup.create(new Announcement(identity, policy, occupant), policy, new SecureRandom()));
  }

  /** Joins by the Welcome of an occupant that answers the last announcement. */
  @JSExport
  public void join(byte[] welcome, String from) throws RefusedException {
    adopt(MlsGroup.join(required(announcement), welcome, from, policy));
  }

  /** Joins from outside, and returns the commit that says so. */
  @JSExport
  public byte[] joinFromOutside(byte[] groupInfo) throws RefusedException {
    PendingCommit step =
        MlsGroup.joinFromOutside(new Announcement(identity, policy, occupant), groupInfo, policy);
    adopt(step.next());
    return step.commit();
  }

  /** Returns a commit that adds who announced itself; {@link #adopt} takes the step. */
  @JSExport
  public byte[] add(byte[][] announcements) throws RefusedException {
    List<Candidate> candidates = new ArrayList<>();
    for (byte[] each : announcements) {
      candidates.add(MlsGroup.readAnnouncement(each, policy));
    }
    PendingCommit step = required(group).commit(candidates, List.of());
    pending = step;
    return step.commit();
  }

  /** Returns the Welcome of the last commit. */
  @JSExport
  public byte[] welcome() {
    return required(required(pending).welcome());
  }

  /** Takes the step of the last commit. */
  @JSExport
  public void adopt() {
    adopt(required(pending).next());
    pending = null;
  }

  /**
   * Takes the step that somebody else made.
   *
   * @param left the occupants who have left the room
   * @return whether this one is still a member
   */
  @JSExport
  public boolean process(byte[] commit, String[] left) throws RefusedException {
    Set<String> gone = Set.of(left);
    MlsGroup next = required(group).process(commit, member -> gone.contains(member.occupant()));
    if (next != null) {
      adopt(next);
    }
    return next != null;
  }

  /** Returns what others join from outside with. */
  @JSExport
  public byte[] groupInfo() {
    return required(group).groupInfo();
  }

  /** Returns what all members have in common. */
  @JSExport
  public byte[] authenticator() {
    return required(group).authenticator();
  }

  /** Returns the exporter's secret for a label. */
  @JSExport
  public byte[] exporterSecret(String label) {
    return required(group).exporterSecret(label);
  }

  /** Returns the occupants who are members, by leaf. */
  @JSExport
  public String[] occupants() {
    return required(group).roster().members().stream().map(Member::occupant).toArray(String[]::new);
  }

  private void adopt(MlsGroup next) {
    next.adopt(group);
    group = next;
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("not yet");
    }
    return value;
  }
}
