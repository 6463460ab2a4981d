/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.Arrays;
import java.util.List;
import org.perc4j.e2e.name.CanonicalName;

/**
 * Who the holder of a leaf is. An endpoint makes a new signature key for its leaf each time it
 * joins; this says, signed by a key that lives long, that the leaf key is that of a name, as an
 * occupant of a room. It is the {@code identity} of MLS's basic credential (RFC 9420 section 5.3).
 *
 * <pre>
 *   octets  what
 *   1       version: 1
 *   1       kind: 1 raw key, 2 X.509
 *   2 + n   name: who the holder is, 1 to 255 octets of UTF-8
 *   2 + n   occupant: the nickname in the room, 1 to 1023 octets of UTF-8
 *   2 + n   kind 1: the identity key, a SubjectPublicKeyInfo in DER
 *           kind 2: 1 to 5 certificates in DER, 2 + n octets each, the identity key's first,
 *                   each followed by its issuer's
 *   2 + n   signature by the identity key
 * </pre>
 *
 * <p>The two octets before each field are its length, in network byte order; nothing follows the
 * signature; all is at most {@link #MAX_LENGTH_BYTES}. Names and occupants are canonical ({@link
 * CanonicalName}): what has invisible characters, spaces other than single ones inside, or another
 * form of the same characters is refused, as it would look like another name. Text is compared
 * octet by octet.
 *
 * <p>What is signed:
 *
 * <pre>
 *   25      "perc4j leaf credential 1", 00
 *   2 + n   room: its bare JID, 1 to 2047 octets of UTF-8
 *   2 + n   occupant
 *   2 + n   name
 *   2 + n   the leaf's signature key as it stands in the leaf node, 1 to 1024 octets
 *   1       kind
 *   32      SHA-256 of the field with the key or the certificates, without its length
 * </pre>
 *
 * <p>The identity key determines the signature's algorithm: Ed25519; ECDSA with P-256 and SHA-256,
 * written r | s with 32 octets each; and in certificates also RSA of 2048 to 4096 bits, as
 * RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 octets of salt. P-256 keys are uncompressed.
 *
 * <p><b>A credential that verifies says nothing yet</b> about whether that key is really that
 * name's, or its certificates are worth anything: that is for a {@link CredentialValidator}. Nor
 * does it hide or expire: it is for this leaf key and this room, for as long as the leaf key lives.
 * Immutable.
 */
public final class LeafCredential {
  /** How long a credential may be, in octets. */
  public static final int MAX_LENGTH_BYTES = LeafCredentialCodec.MAX_LENGTH_BYTES;

  /** How many certificates it may have. */
  public static final int MAX_CERTIFICATES = LeafCredentialCodec.MAX_CERTIFICATES;

  private final byte[] octets;
  private final String name;
  private final String occupant;
  private final IdentityKey key;
  private final List<Certificate> chain;

  private LeafCredential(byte[] octets, LeafCredentialCodec.Parsed parsed) {
    this.octets = octets;
    this.name = parsed.name();
    this.occupant = parsed.occupant();
    this.key = parsed.key();
    this.chain = parsed.chain();
  }

  /**
   * Reads a credential and checks that its identity key vouches for a leaf key in a room. Whether
   * that occupant sent it is for the caller to compare.
   *
   * @param octets the credential; not kept
   * @param room the bare JID of the room that we are in
   * @param leafSignatureKey the signature key of the leaf that came with it; not kept
   * @throws RefusedException with {@code TOO_LARGE}, {@code MALFORMED}, {@code UNSUPPORTED}, or
   *     {@code NOT_AUTHENTIC}
   * @throws IllegalArgumentException if the room has no possible name
   */
  public static LeafCredential verify(byte[] octets, String room, byte[] leafSignatureKey)
      throws RefusedException {
    if (leafSignatureKey.length == 0
        || leafSignatureKey.length > LeafCredentialCodec.MAX_LEAF_KEY_LENGTH_BYTES) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED,
          "a leaf key of " + leafSignatureKey.length + " octets");
    }
    byte[] copy = octets.clone();
    LeafCredentialCodec.Parsed parsed = LeafCredentialCodec.parse(copy);
    byte[] content =
        LeafCredentialCodec.signedContent(
            room,
            parsed.occupant(),
            parsed.name(),
            leafSignatureKey,
            parsed.kind(),
            parsed.identityField());
    if (!parsed.key().verify(content, parsed.signature())) {
      throw new RefusedException(
          RefusedException.Reason.NOT_AUTHENTIC,
          "the credential of " + parsed.name() + " is not for this leaf and room");
    }
    return new LeafCredential(copy, parsed);
  }

  /** Returns who the holder says to be. */
  public String name() {
    return name;
  }

  /** Returns the nickname that the leaf has in the room. */
  public String occupant() {
    return occupant;
  }

  /** Returns the key that vouches for the leaf key: a copy of its SubjectPublicKeyInfo in DER. */
  public byte[] subjectPublicKeyInfo() {
    return key.subjectPublicKeyInfo();
  }

  /**
   * Returns copies of the certificates in DER, the identity key's first, not validated; none for a
   * raw key.
   */
  public List<byte[]> certificates() {
    return chain.stream().map(Certificate::octets).toList();
  }

  /** Returns the same. */
  List<Certificate> chain() {
    return chain;
  }

  /**
   * Returns what people compare or configure: SHA-256 of the identity key's SubjectPublicKeyInfo,
   * as 64 lower-case hexadecimal digits.
   */
  public String fingerprint() {
    return key.fingerprint();
  }

  /** Returns whether both are the same octets. */
  public boolean sameAs(LeafCredential other) {
    return Arrays.equals(octets, other.octets);
  }

  /** Whether these octets are this credential's. */
  boolean hasOctets(byte[] other) {
    return Arrays.equals(octets, other);
  }

  @Override
  public String toString() {
    return "LeafCredential[" + name + " as " + occupant + ", " + key + "]";
  }
}
