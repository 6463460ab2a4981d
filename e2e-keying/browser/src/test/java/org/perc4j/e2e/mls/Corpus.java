/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.codec.AuthenticatedContent;
import org.bouncycastle.mls.codec.ContentType;
import org.bouncycastle.mls.codec.FramedContent;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.PublicMessage;
import org.bouncycastle.mls.codec.Sender;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.perc4j.e2e.mls.Replay.Kind;
import org.perc4j.fuzzing.FuzzInput;

/**
 * Messages that were changed, the same ones for the same group: by outsiders, and by hostile
 * members, who change first and sign, seal and authenticate then.
 */
public final class Corpus {
  private static final int SEED = 20;
  private static final int LARGEST_PROGRAM_BYTES = 40;
  private static final int SIGNATURE_FIELD_BYTES = 66;

  /** Some of these are no good as they are. */
  private static final List<String> CREDENTIALS =
      List.of(
          "rawEd25519",
          "rawP256",
          "x509Ed25519",
          "x509P256Mail",
          "x509Rsa",
          "x509WithRoot",
          "x509OtherName",
          "x509WrongIssuer",
          "rawP384",
          "x509StrangeName",
          "x509BrokenName",
          "x509IssuedByHolder");

  private final Random random = new Random(SEED);
  private final Replay replay;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * A message.
   *
   * @param kind of what reads it
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record Entry(Kind kind, byte[] message) {}

  private interface Maker {
    byte[] make() throws Exception;
  }

  /** Makes them of a group's. */
  public Corpus(Replay replay) {
    this.replay = replay;
  }

  /** Returns whose certificates are believed. */
  public static byte[] root() {
    return CredentialVectors.root("root");
  }

  /** Returns the genuine messages, and as many changed ones of each kind and way. */
  public List<Entry> entries(int each) throws Exception {
    for (Kind kind : Kind.values()) {
      for (byte[] genuine : genuine(kind)) {
        entries.add(new Entry(kind, genuine));
      }
    }
    for (Kind kind : Kind.values()) {
      List<byte[]> genuine = genuine(kind);
      for (int i = 0; i < each; i++) {
        byte[] one = genuine.get(i % genuine.size());
        entries.add(new Entry(kind, changed(one)));
        entries.add(new Entry(kind, flipped(one)));
      }
    }
    addHostileCommits(each);
    addHostileWelcomes(each);
    addHostileGroupInfos(each);
    return entries;
  }

  private List<byte[]> genuine(Kind kind) {
    return kind == Kind.CREDENTIAL
        ? CREDENTIALS.stream().map(CredentialVectors::octets).toList()
        : replay.genuine(kind);
  }

  /** Returns a message in which something is different. */
  private byte[] changed(byte[] genuine) {
    byte[] program = new byte[LARGEST_PROGRAM_BYTES];
    byte[] changed;
    do {
      random.nextBytes(program);
      changed = new FuzzInput(program).mutated(genuine);
    } while (Arrays.equals(genuine, changed));
    return changed;
  }

  /** Returns a message of the same length with up to three other octets. */
  private byte[] flipped(byte[] genuine) {
    byte[] flipped = genuine.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] changedOrFlipped(byte[] genuine) {
    return random.nextInt(4) == 0 ? changed(genuine) : flipped(genuine);
  }

  private void add(Kind kind, int count, Maker maker) {
    int added = 0;
    for (int i = 0; i < 10 * count && added < count; i++) {
      try {
        entries.add(new Entry(kind, maker.make()));
        added++;
      } catch (Exception e) {
        // all that Bouncy Castle declares: so it cannot be written
      }
    }
    if (added < count) {
      throw new IllegalStateException(added + " of " + kind);
    }
  }

  /** Signed and authenticated by a member, whatever it says. */
  private void addHostileCommits(int count) throws Exception {
    Group hostile = Forgery.inside(replay.committer());
    byte[] context = Forgery.encode(hostile.getGroupInfo(false).groupInfo.getGroupContext());
    List<byte[]> contents = new ArrayList<>();
    for (byte[] commit : replay.genuine(Kind.COMMIT).subList(0, 4)) {
      contents.add(Forgery.encode(Forgery.content(Forgery.decode(commit))));
    }
    add(
        Kind.COMMIT,
        count,
        () -> {
          byte[] content = changedOrFlipped(contents.get(random.nextInt(contents.size())));
          AuthenticatedContent authenticated =
              AuthenticatedContent.sign(
                  WireFormat.mls_public_message,
                  FramedContent.rawContent(
                      hostile.getGroupID(),
                      hostile.getEpoch(),
                      Sender.forMember(hostile.getIndex()),
                      new byte[0],
                      ContentType.COMMIT,
                      content),
                  Forgery.SUITE,
                  (byte[]) Forgery.field(Group.class, hostile, "identitySk"),
                  context);
          authenticated.setConfirmationTag(new byte[MessageCheck.HASH_BYTES]);
          MLSMessage message = new MLSMessage(WireFormat.mls_public_message);
          message.publicMessage =
              PublicMessage.protect(
                  authenticated,
                  Forgery.SUITE,
                  hostile.getKeySchedule().membershipKey.value(),
                  context);
          return Forgery.encode(message);
        });
  }

  /** Sealed for the joiner, whatever is inside. */
  private void addHostileWelcomes(int count) throws Exception {
    byte[] genuine = replay.genuine(Kind.WELCOME).get(0);
    MessageCheck check = new MessageCheck(100);
    MessageCheck.WelcomeWithTree parts = check.welcomeWithTree(genuine);
    MessageCheck.WelcomeOutline outline = check.welcome(parts.welcome());
    OwnKeyPackage own =
        (OwnKeyPackage) Forgery.field(MlsGroup.Announcement.class, replay.joiner(), "own");
    byte[] initKey = Forgery.SUITE.getHPKE().serializePrivateKey(own.initKeys().getPrivate());
    MessageCheck.WelcomeOutline.Secrets sealed =
        outline.secrets().stream()
            .filter(each -> Arrays.equals(each.keyPackageReference(), own.reference()))
            .findFirst()
            .orElseThrow();
    byte[] secrets =
        Forgery.SUITE.decryptWithLabel(
            initKey,
            "Welcome",
            outline.encryptedGroupInfo(),
            sealed.kemOutput(),
            sealed.ciphertext());
    byte[] joinerSecret = check.groupSecrets(secrets);
    Secret secret = KeyScheduleEpoch.welcomeSecret(Forgery.SUITE, joinerSecret, List.of());
    byte[] info =
        Forgery.SUITE
            .getAEAD()
            .open(
                secret.expandWithLabel(Forgery.SUITE, "key", new byte[0], 16).value(),
                secret.expandWithLabel(Forgery.SUITE, "nonce", new byte[0], 12).value(),
                new byte[0],
                outline.encryptedGroupInfo());
    add(
        Kind.WELCOME,
        count,
        () -> {
          boolean inSecrets = random.nextInt(4) == 0;
          boolean inTree = random.nextInt(4) == 0;
          // Bouncy Castle's one cipher does not encrypt twice in a row with one key and nonce
          byte[] key = new byte[16];
          random.nextBytes(key);
          byte[] unused = Forgery.SUITE.getAEAD().seal(key, new byte[12], new byte[0], new byte[0]);
          return Forgery.welcome(
              inTree ? changedOrFlipped(parts.tree()) : parts.tree(),
              replay.joiner(),
              inSecrets ? changedOrFlipped(secrets) : secrets,
              joinerSecret,
              inSecrets ? info : resigned(changedOrFlipped(info), 0));
        });
  }

  /** Signed by the member, whatever it says. */
  private void addHostileGroupInfos(int count) throws Exception {
    byte[] genuine = replay.genuine(Kind.GROUP_INFO).get(0);
    add(
        Kind.GROUP_INFO,
        count,
        () -> resigned(changedOrFlipped(genuine), MessageCheck.HEADER_BYTES));
  }

  /** Returns a GroupInfo with the hostile member's signature at its end. */
  private byte[] resigned(byte[] info, int start) throws Exception {
    int end = info.length - SIGNATURE_FIELD_BYTES;
    Group hostile = Forgery.inside(replay.committer());
    byte[] signature =
        Forgery.SUITE.signWithLabel(
            (byte[]) Forgery.field(Group.class, hostile, "identitySk"),
            "GroupInfoTBS",
            Arrays.copyOfRange(info, start, end));
    byte[] resigned = info.clone();
    System.arraycopy(signature, 0, resigned, info.length - signature.length, signature.length);
    return resigned;
  }
}
