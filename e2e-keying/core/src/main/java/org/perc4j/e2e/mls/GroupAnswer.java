/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * A member's answer to whoever asked which group it is in now: a GroupInfo, signed by the member's
 * leaf for the one who asked and for a number that this one made up. So it is fresh, and the
 * member's own: a GroupInfo by itself could have been recorded at any time, by anybody.
 *
 * <pre>
 *   64      signature
 *   n       MLSMessage with a GroupInfo (RFC 9420 section 12.4.3) that the same leaf signed
 * </pre>
 *
 * <p>The signature is {@code SignWithLabel(leaf key, "perc4j group answer 1", content)} (RFC 9420
 * section 5.1.2) with the content
 *
 * <pre>
 *   2 + n   room: its bare JID
 *   2 + n   occupant who asked
 *   32      the number
 *   32      SHA-256 of the MLSMessage
 * </pre>
 *
 * <p>What is read of one that passes is true of the member who answered, and no more: the other
 * leaves were looked at for their form only. Immutable.
 */
public final class GroupAnswer {
  /** Length of the number that goes with a question. */
  public static final int NONCE_BYTES = 32;

  /** The most octets of an answer. */
  public static final int MAX_BYTES = MessageCheck.MAX_MESSAGE_BYTES;

  private static final int SIGNATURE_BYTES = 64;
  private static final byte[] LABEL =
      "MLS 1.0 perc4j group answer 1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] groupInfo;
  private final GroupInfoOutline outline;
  private final List<String> occupants;
  private final String answerer;

  private GroupAnswer(
      byte[] groupInfo, GroupInfoOutline outline, List<String> occupants, String answerer) {
    this.groupInfo = groupInfo;
    this.outline = outline;
    this.occupants = occupants;
    this.answerer = answerer;
  }

  /**
   * Writes an answer.
   *
   * @param key of the leaf that signed the GroupInfo
   */
  static byte[] write(
      Ed25519PrivateKeyParameters key, String room, String asker, byte[] nonce, byte[] groupInfo) {
    byte[] signed = signedContent(room, asker, nonce, groupInfo);
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, key);
    signer.update(signed, 0, signed.length);
    byte[] signature = signer.generateSignature();
    byte[] octets = Arrays.copyOf(signature, signature.length + groupInfo.length);
    System.arraycopy(groupInfo, 0, octets, signature.length, groupInfo.length);
    return octets;
  }

  /**
   * Reads an answer. The cheapest is looked at first; of all leaves, only the credential of the one
   * who answers is verified, and the validator is asked about it.
   *
   * @param nonce the number that the question had
   * @param asker who asked: this occupant
   * @param answerer who was asked
   * @throws RefusedException also if the answer is not by this occupant, or not to this question
   */
  public static GroupAnswer read(
      byte[] octets, byte[] nonce, String asker, String answerer, GroupPolicy policy)
      throws RefusedException {
    if (octets.length <= SIGNATURE_BYTES) {
      throw Cursor.malformed("answer of " + octets.length + " octets");
    }
    byte[] groupInfo = Arrays.copyOfRange(octets, SIGNATURE_BYTES, octets.length);
    GroupInfoOutline outline = new MessageCheck(policy.maxMembers()).groupInfoMessage(groupInfo);
    LeafOutline leaf = outline.signingLeaf();
    byte[] signature = Arrays.copyOf(octets, SIGNATURE_BYTES);
    if (!isSigned(
        leaf.signatureKey(), signedContent(policy.room(), asker, nonce, groupInfo), signature)) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of an answer");
    }
    LeafCredential credential =
        LeafCredential.verify(leaf.credential(), policy.room(), leaf.signatureKey());
    if (!credential.occupant().equals(answerer)) {
      throw new RefusedException(
          Reason.CREDENTIAL, "the answer of " + answerer + " is by " + credential.occupant());
    }
    policy.requireAccepted(credential);
    List<String> occupants = new ArrayList<>();
    for (LeafOutline each : outline.leaves().values()) {
      occupants.add(LeafCredentialCodec.occupant(each.credential()));
    }
    return new GroupAnswer(groupInfo, outline, List.copyOf(occupants), answerer);
  }

  private static boolean isSigned(byte[] key, byte[] content, byte[] signature)
      throws RefusedException {
    Ed25519PublicKeyParameters publicKey;
    try {
      publicKey = new Ed25519PublicKeyParameters(key);
    } catch (IllegalArgumentException e) {
      throw Cursor.malformed("signature key that is no point");
    }
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, publicKey);
    verifier.update(content, 0, content.length);
    return verifier.verifySignature(signature);
  }

  private static byte[] signedContent(String room, String asker, byte[] nonce, byte[] groupInfo) {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("number of " + nonce.length + " octets");
    }
    byte[] roomOctets = CredentialText.ROOM.encode(room);
    byte[] askerOctets = CredentialText.OCCUPANT.encode(asker);
    byte[] digest = IdentityKey.sha256(groupInfo);
    ByteBuffer content =
        ByteBuffer.allocate(
                2 * Short.BYTES
                    + roomOctets.length
                    + askerOctets.length
                    + nonce.length
                    + digest.length)
            .putShort((short) roomOctets.length)
            .put(roomOctets)
            .putShort((short) askerOctets.length)
            .put(askerOctets)
            .put(nonce)
            .put(digest);
    ByteBuffer signed = ByteBuffer.allocate(LABEL.length + content.capacity() + 8);
    putVector(signed, LABEL);
    putVector(signed, content.array());
    return Arrays.copyOf(signed.array(), signed.position());
  }

  /** RFC 9420 section 2.1.2, for less than 2^14 octets. */
  private static void putVector(ByteBuffer out, byte[] octets) {
    if (octets.length < 1 << 6) {
      out.put((byte) octets.length);
    } else {
      out.putShort((short) (octets.length | 1 << 14));
    }
    out.put(octets);
  }

  /** Returns who answered. */
  public String answerer() {
    return answerer;
  }

  /** Returns which epoch the answer is of. */
  public GroupMark mark() {
    return new GroupMark(outline.moment(), outline.transcriptHash());
  }

  /** Returns the nicknames in all leaves, by the word of the one who answered. */
  public List<String> occupants() {
    return occupants;
  }

  /** Whether one of the leaves has this signature key. */
  public boolean hasLeaf(byte[] signatureKey) {
    return outline.leaves().values().stream()
        .anyMatch(leaf -> Arrays.equals(leaf.signatureKey(), signatureKey));
  }

  /** Returns the GroupInfo, as {@link MlsGroup#joinFromOutside} takes it. */
  public byte[] groupInfo() {
    return groupInfo.clone();
  }
}
