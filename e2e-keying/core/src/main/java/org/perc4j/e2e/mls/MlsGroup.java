/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of the conference's group (RFC 9420), as one of its members has it. A step to another
 * epoch makes another instance and leaves this one as it is, until {@link #adopt} erases it.
 *
 * <p>This class and those beside it that only the package sees are all that know Bouncy Castle's
 * MLS: {@link OwnKeyPackage} and {@link ReadKeyPackage}, {@link WelcomeReader} and {@link
 * ExternalJoin}, {@link CommitWriter} and {@link CommitReader}, {@link RatchetTree}, {@link Epoch},
 * {@link BouncyCastle}. They use of it what works, and guard what does not:
 *
 * <ul>
 *   <li>Declared lengths are believed, octets left over ignored: {@link MessageCheck} reads every
 *       message first, those inside a Welcome too.
 *   <li>Cipher suites have static state: one lock for the whole process.
 *   <li>Commits without a path break groups: every commit has one.
 *   <li>The sole member of a group cannot commit: {@link #commit} refuses, a new group serves.
 *   <li>Proposals by reference can wedge a group: inline ones only.
 *   <li>Secrets keep those reachable that they were derived from: {@link #adopt} erases them.
 *   <li>Who is removed by a commit cannot process it: {@link #process} looks first.
 *   <li>Own commits come back: {@link PendingCommit#isEcho} compares octets.
 *   <li>Not validated: the signatures of the leaves when joining, of the GroupInfo when joining
 *       from outside, lifetimes beyond "not expired", reuse of key packages, and everything about
 *       rosters: {@link GroupPolicy}.
 * </ul>
 *
 * <p>Methods that take octets from the network throw {@link RefusedException} and change nothing
 * then. Not thread-safe, though different instances may be used by different threads.
 */
public final class MlsGroup {
  /** MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519 (RFC 9420 section 17.1). */
  public static final int CIPHER_SUITE = 1;

  /** Length of {@link #exporterSecret}, in octets. */
  public static final int EXPORTER_SECRET_BYTES = 32;

  private static final int GROUP_ID_BYTES = 32;

  private final Epoch epoch;
  private final Group group;

  /** What the own leaf signs with, the same as long as this member has that leaf. */
  private final Ed25519PrivateKeyParameters signatureKey;

  private final GroupPolicy policy;
  private final UsedKeyPackages usedKeyPackages;
  private final Set<ByteBuffer> newKeyPackages;

  /** Made when it is first wanted: the library signs a GroupInfo for it. */
  private @Nullable GroupMark mark;

  private MlsGroup(
      Epoch epoch,
      Ed25519PrivateKeyParameters signatureKey,
      GroupPolicy policy,
      UsedKeyPackages usedKeyPackages,
      Set<ByteBuffer> newKeyPackages) {
    this.epoch = epoch;
    this.group = epoch.group();
    this.signatureKey = signatureKey;
    this.policy = policy;
    this.usedKeyPackages = usedKeyPackages;
    this.newKeyPackages = newKeyPackages;
  }

  /** The first epoch that this member is in, with the leaf that it announced. */
  private static MlsGroup first(Epoch epoch, OwnKeyPackage own, GroupPolicy policy) {
    return new MlsGroup(epoch, own.signatureKey(), policy, new UsedKeyPackages(), Set.of());
  }

  /** An epoch that follows this one. */
  private MlsGroup next(Epoch next, Set<ByteBuffer> added) {
    return new MlsGroup(next, signatureKey, policy, usedKeyPackages, added);
  }

  /**
   * The keys with which an endpoint wants to become a member, and the key package that says so. For
   * one use: another attempt takes another one.
   */
  public static final class Announcement {
    private final OwnKeyPackage own;

    /** Fresh keys, for which the identity has not vouched yet. */
    public static final class Draft {
      private final EndpointIdentity identity;
      private final LeafStatement statement;
      private final GroupPolicy policy;
      private final String occupant;
      private final OwnKeyPackage.Keys keys = new OwnKeyPackage.Keys();

      /**
       * Makes fresh keys.
       *
       * @param identity who is to vouch for them
       * @param statement what it says of itself
       * @param occupant the nickname under which it is in the room
       */
      public Draft(
          EndpointIdentity identity, LeafStatement statement, GroupPolicy policy, String occupant) {
        this.identity = identity;
        this.statement = statement;
        this.policy = policy;
        this.occupant = occupant;
      }

      /**
       * Has the identity vouch for the keys.
       *
       * @param voucher is told when the identity's signer has answered, as {@link
       *     IdentitySigner#sign} says
       */
      public void sign(EndpointIdentity.Voucher voucher) {
        identity.vouchFor(policy.room(), occupant, keys.signaturePublicKey(), voucher);
      }

      /**
       * Makes the announcement.
       *
       * @param credential what the voucher was told
       */
      public Announcement vouchedBy(byte[] credential) {
        return new Announcement(own(credential));
      }

      private OwnKeyPackage vouchedAtOnce() {
        return own(identity.vouchFor(policy.room(), occupant, keys.signaturePublicKey()));
      }

      private OwnKeyPackage own(byte[] credential) {
        return new OwnKeyPackage(identity, statement, policy, keys, credential);
      }
    }

    private Announcement(OwnKeyPackage own) {
      this.own = own;
    }

    /**
     * Makes fresh keys of a speaker, with an identity whose signer answers at once.
     *
     * @param identity who vouches for them
     * @param occupant the nickname under which it is in the room
     * @throws IllegalStateException if the signer fails, or does not answer at once
     */
    public Announcement(EndpointIdentity identity, GroupPolicy policy, String occupant) {
      this(identity, LeafStatement.SPEAKER, policy, occupant);
    }

    Announcement(
        EndpointIdentity identity, LeafStatement statement, GroupPolicy policy, String occupant) {
      this(new Draft(identity, statement, policy, occupant).vouchedAtOnce());
    }

    /** Returns the key package as a message, to be sent to all. */
    public byte[] octets() {
      return own.octets().clone();
    }
  }

  /** Somebody who wants to become a member, as a valid key package says. Immutable. */
  public static final class Candidate {
    private final ReadKeyPackage read;

    private Candidate(ReadKeyPackage read) {
      this.read = read;
    }

    /** Returns who it is, verified and accepted. */
    public LeafCredential credential() {
      return read.credential();
    }

    /** For people. */
    @Override
    public String toString() {
      return credential().name() + " (" + credential().occupant() + ")";
    }
  }

  /** A step to the next epoch that this member proposes; it counts when it comes back first. */
  public static final class PendingCommit {
    private final byte[] commit;
    private final byte @Nullable [] welcome;
    private final MlsGroup next;

    private PendingCommit(CommittedEpoch step, MlsGroup next) {
      this.commit = step.commit();
      this.welcome = step.welcome();
      this.next = next;
    }

    /** Returns the message for all. */
    public byte[] commit() {
      return commit.clone();
    }

    /** Returns the message for those who join by it, or null if nobody does. */
    public byte @Nullable [] welcome() {
      return welcome == null ? null : welcome.clone();
    }

    /** Whether a commit from the room is this one. */
    public boolean isEcho(byte[] received) {
      return Arrays.equals(commit, received);
    }

    /** Returns the epoch that it leads to. */
    public MlsGroup next() {
      return next;
    }
  }

  /**
   * Makes a group with one member.
   *
   * @param announcement whose keys are used, once
   */
  public static MlsGroup create(
      Announcement announcement, GroupPolicy policy, SecureRandom random) {
    byte[] groupId = new byte[GROUP_ID_BYTES];
    random.nextBytes(groupId);
    return first(Epoch.create(groupId, announcement.own, policy), announcement.own, policy);
  }

  /**
   * Reads a key package: its holder's credential is for this room and accepted, its signatures are
   * right, it is valid now, and its keys can be used.
   */
  public static Candidate readAnnouncement(byte[] message, GroupPolicy policy)
      throws RefusedException {
    return new Candidate(ReadKeyPackage.read(message, policy));
  }

  /** Joins by one announcement, whoever sent the Welcome. */
  static MlsGroup join(Announcement announcement, byte[] welcome, GroupPolicy policy)
      throws RefusedException {
    return join(announcement, welcome, null, policy);
  }

  /**
   * Returns which of these announcements a Welcome answers, by its own word, or null; a quick look.
   */
  public static @Nullable Announcement answered(
      Collection<Announcement> announcements, byte[] welcome, GroupPolicy policy)
      throws RefusedException {
    WelcomeReader reader = new WelcomeReader(welcome, policy);
    for (Announcement announcement : announcements) {
      if (reader.answers(announcement.own)) {
        return announcement;
      }
    }
    return null;
  }

  /**
   * Joins the group that a Welcome is from. Its roster is accepted in whole or not at all.
   *
   * @param announcement which it {@linkplain #answered answers}
   * @param from the occupant who sent it: it must be the member who made it
   */
  public static MlsGroup join(
      Announcement announcement, byte[] welcome, @Nullable String from, GroupPolicy policy)
      throws RefusedException {
    OwnKeyPackage own = announcement.own;
    return first(new WelcomeReader(welcome, policy).join(own, from), own, policy);
  }

  /**
   * Joins a group from outside (RFC 9420 section 12.4.3.2), in place of an earlier leaf of the same
   * identity if there is one.
   *
   * @param announcement whose keys are used, once
   * @param groupInfo as a member published it
   * @return a step that counts when the group saw it before any other one for this epoch
   */
  public static PendingCommit joinFromOutside(
      Announcement announcement, byte[] groupInfo, GroupPolicy policy) throws RefusedException {
    OwnKeyPackage own = announcement.own;
    CommittedEpoch step = ExternalJoin.read(groupInfo, own.identity(), policy).join(own);
    return new PendingCommit(step, first(step.next(), own, policy));
  }

  /**
   * Checks whether {@link #joinFromOutside} would take a GroupInfo, without making a step.
   *
   * @param self who would join
   * @return who else is in the group now
   */
  public static Roster rosterFromOutside(
      EndpointIdentity self, byte[] groupInfo, GroupPolicy policy) throws RefusedException {
    return ExternalJoin.read(groupInfo, self, policy).requireJoinable();
  }

  /**
   * Proposes a step to the next epoch.
   *
   * @param joiners who is added, in this order
   * @param leavers leaves that are removed, not this member's own
   * @throws RefusedException if the policy does not allow it
   * @throws IllegalStateException if this member would be alone: that takes a new group
   */
  public PendingCommit commit(List<Candidate> joiners, Collection<Integer> leavers)
      throws RefusedException {
    if (roster().size() - leavers.size() + joiners.size() < 2) {
      throw new IllegalStateException("the sole member of a group cannot commit");
    }
    Set<ByteBuffer> added = new HashSet<>();
    List<ReadKeyPackage> keyPackages = new ArrayList<>();
    for (Candidate joiner : joiners) {
      usedKeyPackages.requireUnused(joiner.read.digest(), added);
      keyPackages.add(joiner.read);
    }
    CommittedEpoch step = CommitWriter.write(epoch, keyPackages, leavers, policy);
    return new PendingCommit(step, next(step.next(), added));
  }

  /**
   * Takes the step that another member, or somebody from outside, made.
   *
   * @param commit any octets
   * @param hasLeft who is not in the room any more, by this member's own knowledge
   * @return the next epoch, not yet adopted; or null if an authentic commit removed this member:
   *     one by another member, or one from outside by this member's own identity
   */
  public @Nullable MlsGroup process(byte[] commit, Predicate<Member> hasLeft)
      throws RefusedException {
    CommitReader.Next next =
        new CommitReader(epoch, commit, policy).follow(hasLeft, usedKeyPackages);
    return next == null ? null : next(next.epoch(), next.added());
  }

  /** Refuses somebody whose key package was used in this group before. */
  public void requireNew(Candidate candidate) throws RefusedException {
    usedKeyPackages.requireUnused(candidate.read.digest(), new HashSet<>());
  }

  /**
   * Returns the leaves that have to go when somebody is added: earlier ones of the same identity.
   *
   * @param hasLeft who is not in the room any more, and is removed in any case
   * @throws RefusedException if another member has the same occupant or key
   */
  public Set<Integer> leavesReplacedBy(Candidate candidate, Predicate<Member> hasLeft)
      throws RefusedException {
    return roster().leavesReplacedBy(candidate.credential(), hasLeft);
  }

  /**
   * Whether a commit that removed this member adds the same identity under another nickname: it has
   * joined from elsewhere.
   */
  public boolean isReplacedBy(byte[] commit) throws RefusedException {
    return new CommitReader(epoch, commit, policy).addsSelfElsewhere();
  }

  /**
   * Makes this the epoch that the endpoint is in, and erases the secrets of the one before and all
   * that this one was derived from.
   *
   * @param previous the epoch that this one follows in the same group, or any other that is given
   *     up; null if there is none
   */
  public void adopt(@Nullable MlsGroup previous) {
    epoch.forgetOrigin();
    if (previous != null) {
      previous.destroy();
    }
    usedKeyPackages.add(newKeyPackages);
  }

  /** Erases all secrets of a group that is left. Nothing else may be called afterwards. */
  public void destroy() {
    epoch.eraseSecrets();
  }

  /** Returns this group at this epoch. */
  public GroupMoment moment() {
    return epoch.moment();
  }

  /** Returns the members. */
  public Roster roster() {
    return epoch.roster();
  }

  /** Returns the index of this member's own leaf. */
  public int ownLeaf() {
    return epoch.ownLeaf();
  }

  /** Returns this member. */
  public Member self() {
    return epoch.self();
  }

  /**
   * Returns the epoch authenticator (RFC 9420 section 8.7): 32 octets that all members have in
   * common, and nobody else.
   */
  public byte[] authenticator() {
    return group.getEpochAuthenticator().clone();
  }

  /**
   * Returns {@code DeriveSecret(exporter_secret, label)}, from which a context and a length yield
   * what {@code MLS-Exporter} does (RFC 9420 section 8.5).
   *
   * @return {@link #EXPORTER_SECRET_BYTES} octets, the caller's to erase
   */
  public byte[] exporterSecret(String label) {
    return epoch.exporterSecret(label);
  }

  /** Returns what others need to join from outside, signed by this member. */
  public byte[] groupInfo() {
    return epoch.groupInfo();
  }

  /**
   * Returns what tells this epoch from all others, also from one of the same number in another half
   * of the group, if it was split.
   */
  public GroupMark mark() {
    GroupMark known = mark;
    if (known == null) {
      known = epoch.mark();
      mark = known;
    }
    return known;
  }

  /**
   * Answers somebody who asked which group this member is in.
   *
   * @param groupInfo this epoch's, as {@link #groupInfo} returns it
   * @param asker the occupant who asked
   * @param nonce the number that came with the question, {@link GroupAnswer#NONCE_BYTES} octets
   * @return what {@link GroupAnswer#read} takes
   */
  public byte[] answer(byte[] groupInfo, String asker, byte[] nonce) {
    return GroupAnswer.write(signatureKey, policy.room(), asker, nonce, groupInfo);
  }

  /** Returns which group and epoch a commit is for, by its own word. */
  public static GroupMoment momentOfCommit(byte[] commit, GroupPolicy policy)
      throws RefusedException {
    return new MessageCheck(policy.maxMembers()).commit(commit).moment();
  }

  /** Whether a commit adds whom one of these announcements is of, by its own word. */
  public static boolean adds(byte[] commit, Collection<byte[]> announcements, GroupPolicy policy)
      throws RefusedException {
    return CommitReader.adds(new MessageCheck(policy.maxMembers()).commit(commit), announcements);
  }

  /**
   * Whether members seem to be letting somebody in who announced itself: for whoever is in no group
   * and can verify no commit. It adds somebody who was heard to announce itself; and whoever sent
   * it is accepted and vouched for its leaf. When it did so nobody can say.
   *
   * @param from the occupant who sent it
   * @param announcements what was heard
   */
  public static boolean isSignOfLife(
      byte[] commit, String from, Collection<byte[]> announcements, GroupPolicy policy) {
    try {
      return CommitReader.isSignOfLife(commit, from, announcements, policy);
    } catch (RefusedException e) {
      return false;
    }
  }
}
