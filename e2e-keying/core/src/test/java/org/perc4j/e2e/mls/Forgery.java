/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.AuthenticatedContent;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Commit;
import org.bouncycastle.mls.codec.ContentType;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.FramedContent;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.PublicMessage;
import org.bouncycastle.mls.codec.Sender;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MlsGroup.Announcement;

/** What hostile members and outsiders do with Bouncy Castle, or with octets. */
final class Forgery {
  static final MlsCipherSuite SUITE = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
  static final long NOW = System.currentTimeMillis() / 1000;

  private Forgery() {}

  /** A key package of which everything may be wrong, and the keys to it. */
  static final class ForgedKeyPackage {
    private final EndpointIdentity identity;
    private final AsymmetricCipherKeyPair initKeys = SUITE.getHPKE().generatePrivateKey();
    private final AsymmetricCipherKeyPair leafKeys = SUITE.getHPKE().generatePrivateKey();
    private final AsymmetricCipherKeyPair signatureKeys = SUITE.generateSignatureKeyPair();
    String room = TestConference.ROOM;
    String occupant;
    long notBefore = NOW - 60;
    long notAfter = NOW + 3600;
    Capabilities capabilities = new Capabilities();
    byte[] initKey = publicKey(initKeys);
    byte[] leafKey = publicKey(leafKeys);
    byte @Nullable [] vouchedKey;

    ForgedKeyPackage(EndpointIdentity identity) {
      this.identity = identity;
      this.occupant = identity.name();
    }

    ForgedKeyPackage(String name) {
      this(TestConference.identity(name));
    }

    ForgedKeyPackage with(Consumer<ForgedKeyPackage> change) {
      change.accept(this);
      return this;
    }

    byte[] signatureKey() {
      return SUITE.serializeSignaturePublicKey(signatureKeys.getPublic());
    }

    AsymmetricCipherKeyPair signatureKeys() {
      return signatureKeys;
    }

    private byte[] privateKey() {
      return SUITE.serializeSignaturePrivateKey(signatureKeys.getPrivate());
    }

    LeafNode leaf() throws Exception {
      byte[] vouched = vouchedKey == null ? signatureKey() : vouchedKey;
      ByteBuffer range = ByteBuffer.allocate(16).putLong(notBefore).putLong(notAfter);
      return new LeafNode(
          SUITE,
          leafKey,
          signatureKey(),
          Credential.forBasic(identity.vouchFor(room, occupant, vouched)),
          capabilities,
          new LifeTime(new MLSInputStream(range.array())),
          List.of(),
          privateKey());
    }

    KeyPackage keyPackage() throws Exception {
      return new KeyPackage(SUITE, initKey, leaf(), List.of(), privateKey());
    }

    /** With a leaf whose signature is broken; that of the key package is right. */
    KeyPackage keyPackageWithBrokenLeaf() throws Exception {
      return new KeyPackage(SUITE, initKey, withBrokenSignature(leaf()), List.of(), privateKey());
    }

    byte[] octets() throws Exception {
      return MLSOutputStream.encode(MLSMessage.keyPackage(keyPackage()));
    }

    /** A group of its own. */
    Group group() throws Exception {
      byte[] id = new byte[32];
      new SecureRandom().nextBytes(id);
      return new Group(id, SUITE, leafKeys, privateKey(), leaf(), List.of());
    }

    /** Joins a group from outside, without any of our checks. */
    Group.GroupWithMessage joinFromOutside(byte[] groupInfo, @Nullable Integer removed)
        throws Exception {
      return Group.externalJoin(
          freshSecret(),
          signatureKeys,
          keyPackage(),
          decode(groupInfo).groupInfo,
          null,
          new Group.MessageOptions(),
          removed == null ? null : new LeafIndex(removed),
          Map.of());
    }
  }

  private static byte[] publicKey(AsymmetricCipherKeyPair keys) {
    return SUITE.getHPKE().serializePublicKey(keys.getPublic());
  }

  static Secret freshSecret() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return new Secret(secret);
  }

  static MLSMessage decode(byte[] message) throws IOException {
    return (MLSMessage) MLSInputStream.decode(message, MLSMessage.class);
  }

  static byte[] encode(MLSOutputStream.Writable value) {
    try {
      return MLSOutputStream.encode(value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] hex(String octets) {
    return HexFormat.of().parseHex(octets.replace(" ", ""));
  }

  /** Returns the group that Bouncy Castle keeps for a member. */
  static Group inside(MlsGroup member) throws ReflectiveOperationException {
    return (Group) field(MlsGroup.class, member, "group");
  }

  static KeyPackage keyPackage(Announcement announcement) throws IOException {
    return decode(announcement.octets()).keyPackage;
  }

  static Object field(Class<?> type, Object holder, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(holder);
  }

  /** A commit as Bouncy Castle makes it for a hostile member. */
  static Group.GroupWithMessage commit(
      Group group, List<Proposal> proposals, Group.@Nullable LeafNodeOptions leafOptions)
      throws Exception {
    return group.commit(
        freshSecret(),
        new Group.CommitOptions(new ArrayList<>(proposals), false, true, leafOptions),
        new Group.MessageOptions(),
        new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
  }

  static Group.GroupWithMessage commitWithoutPath(Group group, List<Proposal> proposals)
      throws Exception {
    return group.commit(
        freshSecret(),
        new Group.CommitOptions(new ArrayList<>(proposals), false, false, null),
        new Group.MessageOptions(),
        new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
  }

  static byte[] welcome(Group.GroupWithMessage result) {
    MLSMessage message = new MLSMessage(WireFormat.mls_welcome);
    message.welcome = result.message.welcome;
    return concat(encode(result.group.getTree()), encode(message));
  }

  /** Returns a Welcome that is encrypted as it should be, whatever it holds. */
  static byte[] welcome(
      byte[] tree, Announcement victim, byte[] groupSecrets, byte[] joinerSecret, byte[] groupInfo)
      throws Exception {
    Secret secret = KeyScheduleEpoch.welcomeSecret(SUITE, joinerSecret, List.of());
    byte[] key = secret.expandWithLabel(SUITE, "key", new byte[0], 16).value();
    byte[] nonce = secret.expandWithLabel(SUITE, "nonce", new byte[0], 12).value();
    byte[] encryptedInfo = SUITE.getAEAD().seal(key, nonce, new byte[0], groupInfo);
    KeyPackage keyPackage = keyPackage(victim);
    byte[][] sealed =
        SUITE.encryptWithLabel(keyPackage.getInitKey(), "Welcome", encryptedInfo, groupSecrets);
    MLSOutputStream entry = new MLSOutputStream();
    entry.writeOpaque(
        SUITE.refHash(MLSOutputStream.encode(keyPackage), "MLS 1.0 KeyPackage Reference"));
    entry.writeOpaque(sealed[1]);
    entry.writeOpaque(sealed[0]);
    MLSOutputStream rest = new MLSOutputStream();
    rest.writeOpaque(entry.toByteArray());
    rest.writeOpaque(encryptedInfo);
    return concat(tree, hex("0001 0003 0001"), rest.toByteArray());
  }

  static byte[] groupInfo(Group group) throws Exception {
    return encode(group.getGroupInfo(true));
  }

  /** Returns a commit with other content, which nobody signed. */
  static byte[] withContent(byte[] commit, Consumer<Commit> change) throws Exception {
    MLSMessage message = decode(commit);
    change.accept(content(message));
    return encode(message);
  }

  /**
   * Returns a commit of a member that Bouncy Castle would not make: everything is signed as it
   * should be, but the confirmation tag is that of no epoch.
   */
  static byte[] unconfirmed(Group member, Commit content) throws Exception {
    byte[] context = encode(member.getGroupInfo(false).groupInfo.getGroupContext());
    AuthenticatedContent authenticated =
        AuthenticatedContent.sign(
            WireFormat.mls_public_message,
            FramedContent.rawContent(
                member.getGroupID(),
                member.getEpoch(),
                Sender.forMember(member.getIndex()),
                new byte[0],
                ContentType.COMMIT,
                encode(content)),
            SUITE,
            (byte[]) field(Group.class, member, "identitySk"),
            context);
    authenticated.setConfirmationTag(new byte[32]);
    MLSMessage message = new MLSMessage(WireFormat.mls_public_message);
    message.publicMessage =
        PublicMessage.protect(
            authenticated, SUITE, member.getKeySchedule().membershipKey.value(), context);
    return encode(message);
  }

  static Object framedContent(MLSMessage message) throws Exception {
    return field(PublicMessage.class, message.publicMessage, "content");
  }

  static Commit content(MLSMessage message) throws Exception {
    Object content = framedContent(message);
    return (Commit) field(content.getClass(), content, "commit");
  }

  /** Joins by a Welcome, without any of our checks. */
  static Group join(Announcement announcement, byte[] welcome) throws Exception {
    MessageCheck.WelcomeWithTree parts = new MessageCheck(100).welcomeWithTree(welcome);
    OwnKeyPackage own = (OwnKeyPackage) field(Announcement.class, announcement, "own");
    return new Group(
        SUITE.getHPKE().serializePrivateKey(own.initKeys().getPrivate()),
        own.leafKeys(),
        own.signaturePrivateKey(),
        own.keyPackage(),
        decode(parts.welcome()).welcome,
        (TreeKEMPublicKey) MLSInputStream.decode(parts.tree(), TreeKEMPublicKey.class),
        Map.of(),
        Map.of());
  }

  /** Gives a hostile member another leaf, in its own tree. */
  static void changeLeaf(Group group, int index, LeafChange change) throws Exception {
    LeafNode leaf = change.apply(group.getTree().getLeafNode(new LeafIndex(index)));
    changeTree(
        group,
        tree -> {
          tree.updateLeaf(new LeafIndex(index), leaf);
          return tree;
        });
  }

  interface LeafChange {
    LeafNode apply(LeafNode leaf) throws Exception;
  }

  /** What a member says who takes another identity, which vouches for the key that it has. */
  static Group.LeafNodeOptions asIdentity(String name, Group group) {
    byte[] signatureKey = group.getTree().getLeafNode(group.getIndex()).getSignatureKey();
    byte[] credential =
        TestConference.identity(name).vouchFor(TestConference.ROOM, name, signatureKey);
    return new Group.LeafNodeOptions(Credential.forBasic(credential), null, null);
  }

  static int resumptionSecrets(Group group) throws ReflectiveOperationException {
    return ((Map<?, ?>) field(Group.class, group, "resumptionPSKs")).size();
  }

  static GroupInfo groupInfoOf(byte[] message) throws IOException {
    return decode(message).groupInfo;
  }

  /** Gives a hostile member another tree, upon which it builds what it sends. */
  static void changeTree(Group group, UnaryOperator<TreeKEMPublicKey> change) throws Exception {
    TreeKEMPublicKey tree = change.apply(TreeKEMPublicKey.clone(group.getTree()));
    tree.setSuite(SUITE);
    tree.setHashAll();
    Field field = Group.class.getDeclaredField("tree");
    field.setAccessible(true);
    field.set(group, tree);
  }

  /** Returns a leaf with another last octet, which is its signature's. */
  static LeafNode withBrokenSignature(LeafNode leaf) throws IOException {
    byte[] octets = encode(leaf);
    octets[octets.length - 1] ^= 1;
    return (LeafNode) MLSInputStream.decode(octets, LeafNode.class);
  }

  static byte[] flipped(byte[] octets, int position) {
    byte[] changed = octets.clone();
    changed[position] ^= 1;
    return changed;
  }

  static byte[] concat(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  /** Returns octets with one occurrence of others in them replaced. */
  static byte[] replaced(byte[] octets, byte[] what, byte[] by) {
    for (int i = 0; i + what.length <= octets.length; i++) {
      if (Arrays.equals(octets, i, i + what.length, what, 0, what.length)) {
        return concat(
            Arrays.copyOf(octets, i),
            by,
            Arrays.copyOfRange(octets, i + what.length, octets.length));
      }
    }
    throw new IllegalArgumentException("not there");
  }

  static Capabilities capabilities(String encoded) throws IOException {
    return (Capabilities) MLSInputStream.decode(hex(encoded), Capabilities.class);
  }
}
