/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the element {@code <mls xmlns='urn:x-perc4j:mls:0'>} says, in each of its forms
 * (docs/protocol.md section 11), apart from how XML is read and written. Immutable.
 */
public sealed interface RoomElement {
  /** The element's name. */
  String ELEMENT = "mls";

  /** The element's namespace; what changes its meaning changes the number. */
  String NAMESPACE = "urn:x-perc4j:mls:0";

  /** The most parts that a message may have. */
  int MAX_PARTS = 512;

  /** The most digits of a number of parts. */
  int MAX_DIGITS = 3;

  /** The most characters of Base64 that an element may have. */
  int MAX_BASE64_CHARS = 256 * 1024;

  /**
   * A part of a message. Parts of a message are sent one after the other from part 0 on.
   *
   * @param kind what the message is, 1 to 16 letters a-z
   * @param id the same for all parts of a message, and no other unfinished message's of the sender;
   *     1 to 32 of a-z and 0-9
   * @param part which one it is, from 0 on
   * @param parts how many the message has, 1 to {@link #MAX_PARTS}
   * @param octets the part's own; not none unless it is the only one; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // parts are not compared
  record Part(String kind, String id, int part, int parts, byte[] octets) implements RoomElement {
    /** Checks the ranges. */
    public Part {
      String complaint = complaintAbout(kind, id, part, parts, octets.length);
      if (complaint != null) {
        throw new IllegalArgumentException(complaint);
      }
    }

    /** Returns what forbids a part with such values, or null. */
    public static @Nullable String complaintAbout(
        String kind, String id, int part, int parts, int lengthBytes) {
      if (!isKind(kind)) {
        return "kind is not 1 to 16 letters a-z";
      }
      if (id.isEmpty() || id.length() > 32 || !id.chars().allMatch(Part::isIdCharacter)) {
        return "id is not 1 to 32 of a-z and 0-9";
      }
      if (parts < 1 || parts > MAX_PARTS) {
        return "parts is not 1 to " + MAX_PARTS;
      }
      if (part < 0 || part >= parts) {
        return "part is not 0 to parts - 1";
      }
      if (lengthBytes == 0 && parts > 1) {
        return "a part of several is empty";
      }
      return null;
    }

    /** Tells whether this may be a message's kind. */
    public static boolean isKind(String kind) {
      return !kind.isEmpty()
          && kind.length() <= 16
          && kind.chars().allMatch(character -> character >= 'a' && character <= 'z');
    }

    private static boolean isIdCharacter(int character) {
      return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    }
  }

  /**
   * An occupant's word that it speaks the protocol.
   *
   * @param octets what it publishes, or none; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // marks are not compared
  record Mark(byte[] octets) implements RoomElement {}

  /**
   * What was received under the element's name and is none of its forms. It is never sent.
   *
   * @param reason what is wrong, without what was received
   */
  record Malformed(String reason) implements RoomElement {}

  /**
   * Reads an element that has no other attributes, no other elements in it, and no more than {@link
   * #MAX_BASE64_CHARS} of text.
   *
   * @param kind the attribute of that name, or null, as the others
   */
  static RoomElement read(
      @Nullable String kind,
      @Nullable String id,
      @Nullable String part,
      @Nullable String parts,
      String text) {
    byte[] octets = decode(text);
    if (octets == null) {
      return new Malformed("not canonical Base64");
    }
    if (kind == null && id == null && part == null && parts == null) {
      return new Mark(octets);
    }
    if (kind == null || id == null || part == null || parts == null) {
      return new Malformed("missing attribute");
    }
    int number = number(part);
    int count = number(parts);
    String complaint = Part.complaintAbout(kind, id, number, count, octets.length);
    return complaint != null ? new Malformed(complaint) : new Part(kind, id, number, count, octets);
  }

  /** Returns a number of one to three ASCII digits without leading zeros, or -1. */
  private static int number(String text) {
    if (text.isEmpty()
        || text.length() > MAX_DIGITS
        || !text.chars().allMatch(character -> character >= '0' && character <= '9')
        || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    return Integer.parseInt(text);
  }

  /** RFC 4648, section 4, with padding and nothing else: one text for given octets. */
  private static byte @Nullable [] decode(String text) {
    try {
      byte[] octets = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(octets).equals(text) ? octets : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
