/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LeafNodeSource;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.AuthenticatedContent;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Commit;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.Extension;
import org.bouncycastle.mls.codec.GroupContext;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.ProposalOrRef;
import org.bouncycastle.mls.codec.ProposalType;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MessageCheck.CommitOutline;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.MessageCheck.KeyPackageOutline;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.MessageCheck.WelcomeOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * One epoch of the conference's group (RFC 9420), as one of its members has it. A step to another
 * epoch makes another instance and leaves this one as it is, until {@link #adopt} erases it.
 *
 * <p>This is the only class that knows Bouncy Castle's MLS. It uses of it what works, and guards
 * what does not:
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
  private static final int MAX_USED_KEY_PACKAGES = 65536;

  /** Guards the static state of Bouncy Castle's cipher suites. */
  private static final Object BOUNCY_CASTLE = new Object();

  private static final MlsCipherSuite SUITE =
      MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

  private final Group group;

  /** What the own leaf signs with, the same as long as this member has that leaf. */
  private final Ed25519PrivateKeyParameters signatureKey;

  private final GroupPolicy policy;
  private final Roster roster;
  private final Set<ByteBuffer> usedKeyPackages;
  private final Set<ByteBuffer> newKeyPackages;

  /** Made when it is first wanted: the library signs a GroupInfo for it. */
  private @Nullable GroupMark mark;

  private MlsGroup(
      Group group,
      Ed25519PrivateKeyParameters signatureKey,
      GroupPolicy policy,
      Roster roster,
      Set<ByteBuffer> usedKeyPackages,
      Set<ByteBuffer> newKeyPackages) {
    this.group = group;
    this.signatureKey = signatureKey;
    this.policy = policy;
    this.roster = roster;
    this.usedKeyPackages = usedKeyPackages;
    this.newKeyPackages = newKeyPackages;
  }

  /**
   * The keys with which an endpoint wants to become a member, and the key package that says so. For
   * one use: another attempt takes another one.
   */
  public static final class Announcement {
    private final AsymmetricCipherKeyPair initKeys;
    private final AsymmetricCipherKeyPair leafKeys;
    private final AsymmetricCipherKeyPair signatureKeys;
    private final KeyPackage keyPackage;
    private final byte[] octets;

    /**
     * Makes fresh keys.
     *
     * @param identity who vouches for them
     * @param occupant the nickname under which it is in the room
     */
    public Announcement(EndpointIdentity identity, GroupPolicy policy, String occupant) {
      synchronized (BOUNCY_CASTLE) {
        initKeys = SUITE.getHPKE().generatePrivateKey();
        leafKeys = SUITE.getHPKE().generatePrivateKey();
        signatureKeys = SUITE.generateSignatureKeyPair();
        byte[] signatureKey = SUITE.serializeSignaturePublicKey(signatureKeys.getPublic());
        byte[] privateKey = SUITE.serializeSignaturePrivateKey(signatureKeys.getPrivate());
        try {
          LeafNode leaf =
              new LeafNode(
                  SUITE,
                  SUITE.getHPKE().serializePublicKey(leafKeys.getPublic()),
                  signatureKey,
                  Credential.forBasic(identity.vouchFor(policy.room(), occupant, signatureKey)),
                  capabilities(),
                  lifetime(policy.nowSeconds()),
                  List.of(),
                  privateKey);
          keyPackage =
              new KeyPackage(
                  SUITE,
                  SUITE.getHPKE().serializePublicKey(initKeys.getPublic()),
                  leaf,
                  List.of(),
                  privateKey);
          octets = MLSOutputStream.encode(MLSMessage.keyPackage(keyPackage));
        } catch (Exception e) { // all that Bouncy Castle declares
          throw new IllegalStateException("cannot make a key package", e);
        }
      }
    }

    /** Bouncy Castle's own list has all that it could do itself; this is what we take. */
    private static Capabilities capabilities() throws IOException {
      byte[] versions = {2, 0, 1};
      byte[] suites = {2, 0, CIPHER_SUITE};
      byte[] extensions = {0};
      byte[] proposals = {0};
      byte[] credentials = {2, 0, 1};
      ByteBuffer lists = ByteBuffer.allocate(11);
      lists.put(versions).put(suites).put(extensions).put(proposals).put(credentials);
      return (Capabilities) MLSInputStream.decode(lists.array(), Capabilities.class);
    }

    /**
     * From before now: to Bouncy Castle, a clock that is behind by a second is a reason to refuse.
     */
    private static LifeTime lifetime(long nowSeconds) throws IOException {
      ByteBuffer range = ByteBuffer.allocate(16);
      range
          .putLong(Math.max(0, nowSeconds - GroupPolicy.CLOCK_SKEW_SECONDS))
          .putLong(nowSeconds + GroupPolicy.KEY_PACKAGE_LIFETIME_SECONDS);
      return new LifeTime(new MLSInputStream(range.array()));
    }

    /** Returns the key package as a message, to be sent to all. */
    public byte[] octets() {
      return octets.clone();
    }

    private Ed25519PrivateKeyParameters signatureKey() {
      return (Ed25519PrivateKeyParameters) signatureKeys.getPrivate();
    }

    private byte[] signaturePrivateKey() {
      return SUITE.serializeSignaturePrivateKey(signatureKeys.getPrivate());
    }
  }

  /** Somebody who wants to become a member, as a valid key package says. Immutable. */
  public static final class Candidate {
    private final KeyPackage keyPackage;
    private final ByteBuffer digest;
    private final LeafCredential credential;

    private Candidate(KeyPackage keyPackage, ByteBuffer digest, LeafCredential credential) {
      this.keyPackage = keyPackage;
      this.digest = digest;
      this.credential = credential;
    }

    /** Returns who it is, verified and accepted. */
    public LeafCredential credential() {
      return credential;
    }

    /** For people. */
    @Override
    public String toString() {
      return credential.name() + " (" + credential.occupant() + ")";
    }
  }

  /** A step to the next epoch that this member proposes; it counts when it comes back first. */
  public static final class PendingCommit {
    private final byte[] commit;
    private final byte @Nullable [] welcome;
    private final MlsGroup next;

    private PendingCommit(byte[] commit, byte @Nullable [] welcome, MlsGroup next) {
      this.commit = commit;
      this.welcome = welcome;
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
    try {
      Group group;
      synchronized (BOUNCY_CASTLE) {
        group =
            new Group(
                groupId,
                SUITE,
                announcement.leafKeys,
                announcement.signaturePrivateKey(),
                announcement.keyPackage.getLeafNode(),
                List.of());
      }
      Roster roster = rosterOf(group.getTree(), policy, null);
      return new MlsGroup(
          group, announcement.signatureKey(), policy, roster, new HashSet<>(), Set.of());
    } catch (Exception e) { // all that Bouncy Castle declares
      throw new IllegalStateException("cannot make a group", e);
    }
  }

  /**
   * Reads a key package: its holder's credential is for this room and accepted, its signatures are
   * right, it is valid now, and its keys can be used.
   */
  public static Candidate readAnnouncement(byte[] message, GroupPolicy policy)
      throws RefusedException {
    KeyPackageOutline outline = check(policy).keyPackage(message);
    policy.requireValidNow(outline);
    try {
      KeyPackage keyPackage = decode(message).keyPackage;
      LeafNode leaf = keyPackage.getLeafNode();
      // Bouncy Castle allows no skew: one such key package would spoil a commit that adds others
      if (!leaf.verifyLifetime()) {
        throw new RefusedException(Reason.LIFETIME, "key package not valid by the system's clock");
      }
      LeafCredential credential =
          LeafCredential.verify(
              leaf.getCredential().getIdentity(), policy.room(), leaf.getSignatureKey());
      policy.requireAccepted(credential);
      synchronized (BOUNCY_CASTLE) {
        if (!keyPackage.verify()) {
          throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a key package");
        }
        if (Arrays.equals(keyPackage.getInitKey(), leaf.getEncryptionKey())) {
          throw new RefusedException(Reason.DUPLICATE, "init key and leaf key are one");
        }
        // a key that nothing can be encrypted to would spoil the commits of others
        for (byte[] key : List.of(keyPackage.getInitKey(), leaf.getEncryptionKey())) {
          byte[][] unused = SUITE.encryptWithLabel(key, "perc4j trial", new byte[0], new byte[1]);
        }
      }
      return new Candidate(keyPackage, digest(outline.octets()), credential);
    } catch (RefusedException e) {
      throw e;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw refused(e);
    }
  }

  /** Joins by one announcement, whoever sent the Welcome. */
  static MlsGroup join(Announcement announcement, byte[] welcome, GroupPolicy policy)
      throws RefusedException {
    return join(List.of(announcement), welcome, null, policy);
  }

  /**
   * Joins the group that a Welcome is from. Its roster is accepted in whole or not at all.
   *
   * @param announcements of which it must answer one
   * @param from the occupant who sent it: it must be the member who made it
   */
  public static MlsGroup join(
      Collection<Announcement> announcements,
      byte[] welcome,
      @Nullable String from,
      GroupPolicy policy)
      throws RefusedException {
    MessageCheck check = check(policy);
    WelcomeOutline outline = check.welcome(welcome);
    for (Announcement announcement : announcements) {
      WelcomeOutline.Secrets secrets = secretsFor(announcement, outline);
      if (secrets != null) {
        return join(announcement, welcome, outline, secrets, from, policy);
      }
    }
    throw new RefusedException(Reason.NOT_FOR_US, "Welcome for other key packages");
  }

  /** Whether a Welcome answers one of these announcements, by its own word; a quick look. */
  public static boolean isAnswer(
      Collection<Announcement> announcements, byte[] welcome, GroupPolicy policy)
      throws RefusedException {
    WelcomeOutline outline = check(policy).welcome(welcome);
    for (Announcement announcement : announcements) {
      if (secretsFor(announcement, outline) != null) {
        return true;
      }
    }
    return false;
  }

  private static WelcomeOutline.@Nullable Secrets secretsFor(
      Announcement announcement, WelcomeOutline outline) {
    byte[] reference;
    synchronized (BOUNCY_CASTLE) {
      try {
        reference =
            SUITE.refHash(
                MLSOutputStream.encode(announcement.keyPackage), "MLS 1.0 KeyPackage Reference");
      } catch (IOException e) {
        throw new IllegalStateException("own key package cannot be encoded", e);
      }
    }
    for (WelcomeOutline.Secrets candidate : outline.secrets()) {
      if (Arrays.equals(candidate.keyPackageReference(), reference)) {
        return candidate;
      }
    }
    return null;
  }

  private static MlsGroup join(
      Announcement announcement,
      byte[] welcome,
      WelcomeOutline outline,
      WelcomeOutline.Secrets secrets,
      @Nullable String from,
      GroupPolicy policy)
      throws RefusedException {
    MessageCheck check = check(policy);
    try {
      Group group;
      synchronized (BOUNCY_CASTLE) {
        byte[] initKey = SUITE.getHPKE().serializePrivateKey(announcement.initKeys.getPrivate());
        GroupInfoOutline inside = checkInside(check, outline, secrets, initKey);
        if (from != null) {
          requireSigner(inside, from);
        }
        policy.requireValidNow(inside);
        group =
            new Group(
                initKey,
                announcement.leafKeys,
                announcement.signaturePrivateKey(),
                announcement.keyPackage,
                decode(welcome).welcome,
                null,
                Map.of(),
                Map.of());
        Arrays.fill(initKey, (byte) 0);
      }
      requireSignedLeaves(group.getTree(), group.getGroupID());
      Roster roster = rosterOf(group.getTree(), policy, null);
      requireAcceptable(roster, policy, group.getIndex().value());
      return new MlsGroup(
          group, announcement.signatureKey(), policy, roster, new HashSet<>(), Set.of());
    } catch (RefusedException e) {
      throw e;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw refused(e);
    }
  }

  /** Decrypts what Bouncy Castle will decrypt again, to check its lengths before it parses them. */
  private static GroupInfoOutline checkInside(
      MessageCheck check, WelcomeOutline outline, WelcomeOutline.Secrets secrets, byte[] initKey)
      throws Exception {
    byte[] groupSecrets =
        SUITE.decryptWithLabel(
            initKey,
            "Welcome",
            outline.encryptedGroupInfo(),
            secrets.kemOutput(),
            secrets.ciphertext());
    byte[] joinerSecret;
    try {
      joinerSecret = check.groupSecrets(groupSecrets);
    } finally {
      Arrays.fill(groupSecrets, (byte) 0);
    }
    Secret welcomeSecret = KeyScheduleEpoch.welcomeSecret(SUITE, joinerSecret, List.of());
    Secret key =
        welcomeSecret.expandWithLabel(SUITE, "key", new byte[0], SUITE.getAEAD().getKeySize());
    Secret nonce =
        welcomeSecret.expandWithLabel(SUITE, "nonce", new byte[0], SUITE.getAEAD().getNonceSize());
    byte[] groupInfo =
        SUITE.getAEAD().open(key.value(), nonce.value(), new byte[0], outline.encryptedGroupInfo());
    Arrays.fill(joinerSecret, (byte) 0);
    key.consume();
    GroupInfoOutline inside = check.groupInfo(groupInfo);
    if (!inside.hasTree()) {
      throw new RefusedException(Reason.UNSUPPORTED, "Welcome without a tree");
    }
    return inside;
  }

  /** Refuses a Welcome that somebody else sent than the member who made it. */
  private static void requireSigner(GroupInfoOutline info, String occupant)
      throws RefusedException {
    String signer = LeafCredentialCodec.occupant(info.signingLeaf().credential());
    if (!signer.equals(occupant)) {
      throw new RefusedException(
          Reason.CREDENTIAL, "the Welcome of " + occupant + " is by " + signer);
    }
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
    GroupInfoOutline outline = check(policy).groupInfoMessage(groupInfo);
    if (!outline.hasTree()) {
      throw new RefusedException(Reason.UNSUPPORTED, "GroupInfo without a tree");
    }
    policy.requireValidNow(outline);
    try {
      GroupInfo info = decode(groupInfo).groupInfo;
      TreeKEMPublicKey tree = treeOf(info);
      tree.setSuite(SUITE);
      requireSignedLeaves(tree, info.getGroupID());
      Roster before = rosterOf(tree, policy, null);
      Member signer = before.at(info.getSigner().value());
      if (signer == null) {
        throw new RefusedException(Reason.NOT_AUTHENTIC, "GroupInfo signed by a blank leaf");
      }
      LeafNode ownLeaf = announcement.keyPackage.getLeafNode();
      LeafCredential own =
          LeafCredential.verify(
              ownLeaf.getCredential().getIdentity(), policy.room(), ownLeaf.getSignatureKey());
      Member self = new Member(-1, own, ownLeaf.getSignatureKey());
      LeafIndex earlier = null;
      for (Member member : before.members()) {
        if (member.isSameIdentity(self)) {
          earlier = new LeafIndex(member.leaf());
        }
      }
      requireAcceptable(before, policy, earlier == null ? -1 : earlier.value());
      Group.GroupWithMessage result;
      byte[] commit;
      synchronized (BOUNCY_CASTLE) {
        if (!info.verify(SUITE, signer.signatureKey())) {
          throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a GroupInfo");
        }
        result =
            Group.externalJoin(
                freshSecret(),
                announcement.signatureKeys,
                announcement.keyPackage,
                info,
                null,
                new Group.MessageOptions(),
                earlier,
                Map.of());
        commit = MLSOutputStream.encode(result.message);
      }
      Roster after = rosterOf(result.group.getTree(), policy, before);
      policy.requireRoom(after);
      MlsGroup next =
          new MlsGroup(
              result.group, announcement.signatureKey(), policy, after, new HashSet<>(), Set.of());
      return new PendingCommit(commit, null, next);
    } catch (RefusedException e) {
      throw e;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw refused(e);
    }
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
    if (roster.size() - leavers.size() + joiners.size() < 2) {
      throw new IllegalStateException("the sole member of a group cannot commit");
    }
    Set<ByteBuffer> added = new HashSet<>();
    for (Candidate joiner : joiners) {
      requireUnused(joiner.digest, added);
    }
    try {
      List<Proposal> proposals = new ArrayList<>();
      Group.GroupWithMessage result;
      byte[] commit;
      byte[] welcome = null;
      synchronized (BOUNCY_CASTLE) {
        for (int leaver : leavers) {
          proposals.add(Proposal.remove(new LeafIndex(leaver)));
        }
        for (Candidate joiner : joiners) {
          proposals.add(Proposal.add(joiner.keyPackage));
        }
        result =
            group.commit(
                freshSecret(),
                new Group.CommitOptions(proposals, true, true, null),
                new Group.MessageOptions(),
                new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
        commit = MLSOutputStream.encode(result.message);
        if (!joiners.isEmpty()) {
          MLSMessage message = new MLSMessage(WireFormat.mls_welcome);
          message.welcome = result.message.welcome;
          welcome = MLSOutputStream.encode(message);
        }
      }
      Roster after = rosterOf(result.group.getTree(), policy, roster);
      policy.requireAllowed(roster, after, check(policy).commit(commit), leaver -> true);
      MlsGroup next =
          new MlsGroup(result.group, signatureKey, policy, after, usedKeyPackages, added);
      return new PendingCommit(commit, welcome, next);
    } catch (RefusedException e) {
      throw e;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw refused(e);
    }
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
    CommitOutline outline = check(policy).commit(commit);
    requireThisEpoch(outline.moment());
    Set<ByteBuffer> added = new HashSet<>();
    for (KeyPackageOutline keyPackage : outline.adds()) {
      policy.requireValidNow(keyPackage);
      requireUnused(digest(keyPackage.octets()), added);
    }
    Integer sender = outline.sender();
    if (sender != null && roster.at(sender) == null) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "commit by a blank leaf");
    }
    if (sender != null && sender == ownLeaf()) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "own commit, but not the one that was sent");
    }
    if (sender == null) {
      // anybody can send one, and it would cost a copy of the tree
      LeafOutline joiner = outline.ownLeaf();
      policy.requireAccepted(
          LeafCredential.verify(joiner.credential(), policy.room(), joiner.signatureKey()));
    }
    try {
      Group next;
      synchronized (BOUNCY_CASTLE) {
        if (outline.removes().contains(ownLeaf())) {
          requireAuthentic(decode(commit), sender);
          return null;
        }
        next = group.handle(commit, null);
      }
      if (next == null) {
        throw new RefusedException(Reason.MALFORMED, "no commit");
      }
      Roster after = rosterOf(next.getTree(), policy, roster);
      policy.requireAllowed(roster, after, outline, hasLeft);
      return new MlsGroup(next, signatureKey, policy, after, usedKeyPackages, added);
    } catch (RefusedException e) {
      throw e;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw refused(e);
    }
  }

  /** Refuses a commit by somebody who is not in the group; what it does is not looked at. */
  private void requireAuthentic(MLSMessage message, @Nullable Integer sender) throws Exception {
    GroupContext context = context();
    AuthenticatedContent content =
        message.publicMessage.unprotect(SUITE, group.getKeySchedule().membershipKey, context);
    Member member = sender == null ? null : roster.at(sender);
    byte[] signatureKey =
        member == null
            ? content.getContent().getCommit().getUpdatePath().getLeafNode().getSignatureKey()
            : member.signatureKey();
    if (!content.verify(SUITE, signatureKey, MLSOutputStream.encode(context))) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a commit");
    }
    if (member == null) {
      // anybody can sign such a commit; the others take it from the same identity only
      LeafNode leaf = content.getContent().getCommit().getUpdatePath().getLeafNode();
      LeafCredential joiner =
          LeafCredential.verify(leaf.getCredential().getIdentity(), policy.room(), signatureKey);
      if (!self().isSameIdentity(new Member(-1, joiner, signatureKey))) {
        throw new RefusedException(Reason.EVICTION, "of this member, from outside");
      }
    }
  }

  private GroupContext context() throws Exception {
    return group.getGroupInfo(false).groupInfo.getGroupContext();
  }

  private void requireThisEpoch(GroupMoment moment) throws RefusedException {
    if (!moment.sameGroup(moment())) {
      throw new RefusedException(Reason.OTHER_GROUP, moment + ", this is " + moment());
    }
    if (moment.epoch() != moment().epoch()) {
      throw new RefusedException(
          moment.isBefore(moment()) ? Reason.PAST_EPOCH : Reason.FUTURE_EPOCH,
          moment + ", this is " + moment());
    }
  }

  /** Refuses somebody whose key package was used in this group before. */
  public void requireNew(Candidate candidate) throws RefusedException {
    requireUnused(candidate.digest, new HashSet<>());
  }

  /**
   * Returns the leaves that have to go when somebody is added: earlier ones of the same identity.
   *
   * @param hasLeft who is not in the room any more, and is removed in any case
   * @throws RefusedException if another member has the same name, occupant or key
   */
  public Set<Integer> leavesReplacedBy(Candidate candidate, Predicate<Member> hasLeft)
      throws RefusedException {
    LeafCredential credential = candidate.credential;
    Set<Integer> replaced = new HashSet<>();
    for (Member member : roster.members()) {
      boolean sameName = member.name().equals(credential.name());
      boolean sameKey = member.credential().fingerprint().equals(credential.fingerprint());
      if (sameName && sameKey) {
        replaced.add(member.leaf());
      } else if ((sameName || sameKey || member.occupant().equals(credential.occupant()))
          && !hasLeft.test(member)) {
        throw new RefusedException(
            Reason.DUPLICATE, candidate + " claims to be what " + member + " is");
      }
    }
    return replaced;
  }

  /**
   * Whether a commit that removed this member adds the same identity under another nickname: it has
   * joined from elsewhere.
   */
  public boolean isReplacedBy(byte[] commit) throws RefusedException {
    MessageCheck.CommitOutline unused = check(policy).commit(commit);
    try {
      Commit content;
      synchronized (BOUNCY_CASTLE) {
        content =
            decode(commit)
                .publicMessage
                .unprotect(SUITE, group.getKeySchedule().membershipKey, context())
                .getContent()
                .getCommit();
      }
      List<LeafNode> added = new ArrayList<>();
      added.add(content.getUpdatePath().getLeafNode());
      for (ProposalOrRef proposal : content.getProposals()) {
        if (proposal.getProposal().getProposalType() == ProposalType.ADD) {
          added.add(proposal.getProposal().getLeafNode());
        }
      }
      for (LeafNode leaf : added) {
        LeafCredential credential =
            LeafCredential.verify(
                leaf.getCredential().getIdentity(), policy.room(), leaf.getSignatureKey());
        if (credential.name().equals(self().name())
            && credential.fingerprint().equals(self().credential().fingerprint())
            && !credential.occupant().equals(self().occupant())) {
          return true;
        }
      }
      return false;
    } catch (RefusedException e) {
      throw e;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw refused(e);
    }
  }

  private void requireUnused(ByteBuffer digest, Set<ByteBuffer> added) throws RefusedException {
    if (usedKeyPackages.contains(digest) || !added.add(digest)) {
      throw new RefusedException(Reason.KEY_PACKAGE_REUSED, "key package was used before");
    }
  }

  /**
   * Makes this the epoch that the endpoint is in, and erases the secrets of the one before and all
   * that this one was derived from.
   *
   * @param previous the epoch that this one follows in the same group, or any other that is given
   *     up; null if there is none
   */
  public void adopt(@Nullable MlsGroup previous) {
    synchronized (BOUNCY_CASTLE) {
      group.getKeySchedule().getJoinerSecret().consume();
      if (previous != null) {
        previous.eraseSecrets();
      }
    }
    if (usedKeyPackages.size() + newKeyPackages.size() > MAX_USED_KEY_PACKAGES) {
      usedKeyPackages.clear();
    }
    usedKeyPackages.addAll(newKeyPackages);
  }

  /** Erases all secrets of a group that is left. Nothing else may be called afterwards. */
  public void destroy() {
    synchronized (BOUNCY_CASTLE) {
      eraseSecrets();
    }
  }

  private void eraseSecrets() {
    KeyScheduleEpoch schedule = group.getKeySchedule();
    schedule.joinerSecret.consume();
    schedule.initSecret.consume();
    schedule.senderDataSecret.consume();
    schedule.exporterSecret.consume();
    schedule.confirmationKey.consume();
    schedule.membershipKey.consume();
    schedule.resumptionPSK.consume();
    schedule.epochAuthenticator.consume();
    schedule.encryptionSecret.consume();
    schedule.externalSecret.consume();
  }

  /** Returns this group at this epoch. */
  public GroupMoment moment() {
    return new GroupMoment(group.getGroupID(), group.getEpoch());
  }

  /** Returns the members. */
  public Roster roster() {
    return roster;
  }

  /** Returns the index of this member's own leaf. */
  public int ownLeaf() {
    return group.getIndex().value();
  }

  /** Returns this member. */
  public Member self() {
    Member self = roster.at(ownLeaf());
    if (self == null) {
      throw new IllegalStateException("not in the own roster");
    }
    return self;
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
    synchronized (BOUNCY_CASTLE) {
      try {
        return group.getKeySchedule().exporterSecret.deriveSecret(SUITE, label).value();
      } catch (IOException e) {
        throw new IllegalStateException("cannot derive", e);
      }
    }
  }

  /** Returns what others need to join from outside, signed by this member. */
  public byte[] groupInfo() {
    synchronized (BOUNCY_CASTLE) {
      try {
        return MLSOutputStream.encode(group.getGroupInfo(true));
      } catch (Exception e) { // all that Bouncy Castle declares
        throw new IllegalStateException("cannot make a GroupInfo", e);
      }
    }
  }

  /**
   * Returns what tells this epoch from all others, also from one of the same number in another half
   * of the group, if it was split.
   */
  public GroupMark mark() {
    GroupMark known = mark;
    if (known == null) {
      synchronized (BOUNCY_CASTLE) {
        try {
          known = new GroupMark(moment(), context().getConfirmedTranscriptHash().clone());
        } catch (Exception e) { // all that Bouncy Castle declares
          throw new IllegalStateException("no group context", e);
        }
      }
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
    return check(policy).commit(commit).moment();
  }

  private static MessageCheck check(GroupPolicy policy) {
    return new MessageCheck(policy.maxMembers());
  }

  /** Decodes a message that {@link MessageCheck} has read. */
  private static MLSMessage decode(byte[] message) throws IOException {
    return (MLSMessage) MLSInputStream.decode(message, MLSMessage.class);
  }

  private static Secret freshSecret() {
    byte[] secret = new byte[SUITE.getKDF().getHashLength()];
    new SecureRandom().nextBytes(secret);
    return new Secret(secret);
  }

  private static TreeKEMPublicKey treeOf(GroupInfo info) throws Exception {
    for (Extension extension : info.getExtensions()) {
      TreeKEMPublicKey tree = extension.getRatchetTree();
      if (tree != null) {
        return tree;
      }
    }
    throw new RefusedException(Reason.UNSUPPORTED, "GroupInfo without a tree");
  }

  /**
   * Reads who is in a tree.
   *
   * @param known an earlier roster, whose members need no second look
   */
  private static Roster rosterOf(TreeKEMPublicKey tree, GroupPolicy policy, @Nullable Roster known)
      throws RefusedException {
    List<Member> members = new ArrayList<>();
    Set<ByteBuffer> encryptionKeys = new HashSet<>();
    for (int i = 0; i < tree.getSize().leafCount(); i++) {
      LeafNode leaf = tree.getLeafNode(new LeafIndex(i));
      if (leaf == null) {
        continue;
      }
      if (!encryptionKeys.add(ByteBuffer.wrap(leaf.getEncryptionKey()))) {
        throw new RefusedException(Reason.DUPLICATE, "two leaves have one encryption key");
      }
      byte[] octets = leaf.getCredential().getIdentity();
      Member before = known == null ? null : known.at(i);
      if (before != null
          && Arrays.equals(before.signatureKey(), leaf.getSignatureKey())
          && before.credential().hasOctets(octets)) {
        members.add(before);
      } else {
        byte[] signatureKey = leaf.getSignatureKey().clone();
        members.add(
            new Member(
                i, LeafCredential.verify(octets, policy.room(), signatureKey), signatureKey));
      }
    }
    return Roster.of(members);
  }

  /** Refuses a roster with somebody whom the validator does not accept, apart from oneself. */
  private static void requireAcceptable(Roster roster, GroupPolicy policy, int ownLeaf)
      throws RefusedException {
    policy.requireRoom(roster);
    for (Member member : roster.members()) {
      if (member.leaf() != ownLeaf) {
        policy.requireAccepted(member.credential());
      }
    }
  }

  /** Verifies the leaves of a tree that came from outside (RFC 9420 section 7.3). */
  private static void requireSignedLeaves(TreeKEMPublicKey tree, byte[] groupId) throws Exception {
    for (int i = 0; i < tree.getSize().leafCount(); i++) {
      LeafNode leaf = tree.getLeafNode(new LeafIndex(i));
      if (leaf != null && !isSigned(leaf, groupId, i)) {
        throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of leaf " + i);
      }
    }
  }

  /** As Bouncy Castle does it, but without its static state: large trees would hold the lock. */
  private static boolean isSigned(LeafNode leaf, byte[] groupId, int index) throws IOException {
    byte[] content =
        leaf.getSource() == LeafNodeSource.KEY_PACKAGE
            ? leaf.toBeSigned(null, -1)
            : leaf.toBeSigned(groupId, index);
    byte[] signed =
        MLSOutputStream.encode(new MlsCipherSuite.GenericContent("LeafNodeTBS", content));
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, new Ed25519PublicKeyParameters(leaf.getSignatureKey()));
    verifier.update(signed, 0, signed.length);
    return verifier.verifySignature(signatureOf(leaf));
  }

  /** The signature is a leaf's last field, and there is no other way to it. */
  private static byte[] signatureOf(LeafNode leaf) throws IOException {
    byte[] encoded = MLSOutputStream.encode(leaf);
    return Arrays.copyOfRange(encoded, encoded.length - SIGNATURE_BYTES, encoded.length);
  }

  private static final int SIGNATURE_BYTES = 64;

  private static ByteBuffer digest(byte[] octets) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bouncy Castle says what went wrong in words only. */
  private static RefusedException refused(Exception e) {
    String message = String.valueOf(e.getMessage());
    String words = message.toLowerCase(Locale.ROOT);
    Reason reason =
        words.contains("tree") || words.contains("parent hash")
            ? Reason.INVALID_TREE
            : words.contains("signature")
                    || words.contains("verify")
                    || words.contains("tag")
                    || words.contains("mac")
                    || words.contains("groupinfo")
                ? Reason.NOT_AUTHENTIC
                : Reason.MALFORMED;
    RefusedException refusal =
        new RefusedException(reason, e.getClass().getSimpleName() + ": " + message);
    refusal.initCause(e);
    return refusal;
  }
}
