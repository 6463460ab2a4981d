/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The octets of a {@link LeafCredential}, which describes them. Stateless. */
final class LeafCredentialCodec {
  static final int VERSION = 1;
  static final int KIND_RAW_KEY = 1;
  static final int KIND_X509 = 2;
  static final int MAX_LENGTH_BYTES = 8192;
  static final int MAX_CERTIFICATES = 5;

  /** How long a list of certificates may be, so that a credential never exceeds its bound. */
  static final int MAX_CERTIFICATE_LIST_BYTES = 6144;

  static final int MAX_LEAF_KEY_LENGTH_BYTES = 1024;

  private static final byte[] LABEL =
      "perc4j leaf credential 1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED_LENGTH_BYTES = 2;
  private static final int PREFIX_LENGTH_BYTES = 2;
  private static final int HASH_LENGTH_BYTES = 32;

  private LeafCredentialCodec() {}

  /** What a credential says, before its signature is checked. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Parsed(
      int kind,
      String name,
      String occupant,
      byte[] identityField,
      IdentityKey key,
      List<Certificate> chain,
      byte[] signature) {}

  /**
   * Reads a credential.
   *
   * @throws RefusedException if it is too long, malformed, not in the one encoding that there is,
   *     or of a kind that is not known
   */
  static Parsed parse(byte[] octets) throws RefusedException {
    if (octets.length > MAX_LENGTH_BYTES) {
      throw new RefusedException(
          RefusedException.Reason.TOO_LARGE, "a credential of " + octets.length + " octets");
    }
    if (octets.length < FIXED_LENGTH_BYTES) {
      throw malformed("cut short");
    }
    ByteBuffer in = ByteBuffer.wrap(octets);
    int version = Byte.toUnsignedInt(in.get());
    int kind = Byte.toUnsignedInt(in.get());
    if (version != VERSION) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "a credential of version " + version);
    }
    if (kind != KIND_RAW_KEY && kind != KIND_X509) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "a credential of kind " + kind);
    }
    String name = CredentialText.NAME.decode(vector(in));
    String occupant = CredentialText.OCCUPANT.decode(vector(in));
    byte[] identityField = vector(in);
    byte[] signature = vector(in);
    if (in.hasRemaining()) {
      throw malformed(in.remaining() + " octets left over");
    }
    List<Certificate> chain =
        kind == KIND_X509 ? certificates(ByteBuffer.wrap(identityField)) : List.of();
    IdentityKey key =
        kind == KIND_X509
            ? IdentityKey.ofCertificate(chain.get(0))
            : IdentityKey.ofSubjectPublicKeyInfo(identityField);
    return new Parsed(kind, name, occupant, identityField, key, chain, signature);
  }

  /**
   * Reads the occupant only, of a credential that nothing else was looked at yet.
   *
   * @throws RefusedException if it is cut short before, or the occupant is malformed
   */
  static String occupant(byte[] octets) throws RefusedException {
    if (octets.length < FIXED_LENGTH_BYTES) {
      throw malformed("cut short");
    }
    ByteBuffer in = ByteBuffer.wrap(octets, FIXED_LENGTH_BYTES, octets.length - FIXED_LENGTH_BYTES);
    byte[] unusedName = vector(in);
    return CredentialText.OCCUPANT.decode(vector(in));
  }

  private static List<Certificate> certificates(ByteBuffer in) throws RefusedException {
    List<Certificate> chain = new ArrayList<>();
    while (in.hasRemaining()) {
      if (chain.size() == MAX_CERTIFICATES) {
        throw new RefusedException(
            RefusedException.Reason.TOO_LARGE, "more than " + MAX_CERTIFICATES + " certificates");
      }
      chain.add(Certificate.parse(vector(in)));
    }
    if (chain.isEmpty()) {
      throw malformed("no certificate");
    }
    return List.copyOf(chain);
  }

  private static byte[] vector(ByteBuffer in) throws RefusedException {
    if (in.remaining() < PREFIX_LENGTH_BYTES) {
      throw malformed("cut short");
    }
    int length = Short.toUnsignedInt(in.getShort());
    if (in.remaining() < length) {
      throw malformed("cut short");
    }
    byte[] octets = new byte[length];
    in.get(octets);
    return octets;
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(RefusedException.Reason.MALFORMED, "credential: " + detail);
  }

  /** The certificates as they stand in a credential. */
  static byte[] certificateList(List<byte[]> chain) {
    int length = 0;
    for (byte[] certificate : chain) {
      length += PREFIX_LENGTH_BYTES + certificate.length;
    }
    if (length > MAX_CERTIFICATE_LIST_BYTES) {
      throw new IllegalArgumentException("certificates of " + length + " octets");
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    for (byte[] certificate : chain) {
      putVector(out, certificate);
    }
    return out.array();
  }

  /** Writes a credential. */
  static byte[] write(
      int kind, String name, String occupant, byte[] identityField, byte[] signature) {
    byte[] nameOctets = CredentialText.NAME.encode(name);
    byte[] occupantOctets = CredentialText.OCCUPANT.encode(occupant);
    ByteBuffer out =
        ByteBuffer.allocate(
            FIXED_LENGTH_BYTES
                + 4 * PREFIX_LENGTH_BYTES
                + nameOctets.length
                + occupantOctets.length
                + identityField.length
                + signature.length);
    out.put((byte) VERSION).put((byte) kind);
    putVector(out, nameOctets);
    putVector(out, occupantOctets);
    putVector(out, identityField);
    putVector(out, signature);
    return out.array();
  }

  /** What the identity key signs. */
  static byte[] signedContent(
      String room,
      String occupant,
      String name,
      byte[] leafSignatureKey,
      int kind,
      byte[] identityField) {
    byte[] roomOctets = CredentialText.ROOM.encode(room);
    byte[] occupantOctets = CredentialText.OCCUPANT.encode(occupant);
    byte[] nameOctets = CredentialText.NAME.encode(name);
    ByteBuffer out =
        ByteBuffer.allocate(
            LABEL.length
                + 4 * PREFIX_LENGTH_BYTES
                + roomOctets.length
                + occupantOctets.length
                + nameOctets.length
                + leafSignatureKey.length
                + 1
                + HASH_LENGTH_BYTES);
    out.put(LABEL);
    putVector(out, roomOctets);
    putVector(out, occupantOctets);
    putVector(out, nameOctets);
    putVector(out, leafSignatureKey);
    out.put((byte) kind).put(IdentityKey.sha256(identityField));
    return out.array();
  }

  private static void putVector(ByteBuffer out, byte[] octets) {
    out.putShort((short) octets.length).put(octets);
  }
}
