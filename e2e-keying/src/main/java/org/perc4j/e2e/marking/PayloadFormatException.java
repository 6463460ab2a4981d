/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.io.Serial;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * A payload cannot be marked: it is malformed, or of a kind that this package does not know, or of
 * a stream with other layers than it was said to have.
 *
 * <p>There is a single instance per {@link Reason}, made in advance, without stack trace, so that a
 * gateway that marks what others sent it can be made to throw at line rate. Immutable.
 */
public final class PayloadFormatException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private static final Map<Reason, PayloadFormatException> INSTANCES = instances();

  /** What was wrong, one constant for each kind of fault; made to be counted. */
  public enum Reason {
    /** The payload has no octet. */
    EMPTY,
    /** The payload ends within the descriptor of its format. */
    DESCRIPTOR_TRUNCATED,
    /** The payload ends within the header of a frame, or before it. */
    FRAME_HEADER_TRUNCATED,
    /** The header of a frame has a value that it must not have. */
    FRAME_HEADER_INVALID,
    /** There are layers, but the payload does not say which one it is of. */
    LAYER_MISSING,
    /** The payload is of a layer that the stream was not said to have. */
    LAYER_RANGE,
    /** A VP9 payload descriptor names more than three references (RFC 9628 section 4.2). */
    VP9_TOO_MANY_REFERENCES,
    /** An H.264 NAL unit with its forbidden bit set (RFC 6184 section 1.3). */
    H264_FORBIDDEN_BIT,
    /** An H.264 payload of a structure other than single NAL units, STAP-A and FU-A (RFC 6184). */
    H264_PACKET_TYPE,
    /** An H.264 aggregate of units that are empty or longer than it is (RFC 6184 section 5.7.1). */
    H264_AGGREGATE,
    /** An H.264 fragment that holds what must not be fragmented (RFC 6184 section 5.8). */
    H264_FRAGMENT_TYPE,
    /** An H.264 slice of a spatial or quality layer above the lowest (RFC 6190). */
    H264_SPATIAL_LAYER,
    /** An AV1 OBU element that is longer than its payload, or whose length is cut off. */
    AV1_ELEMENT_OVERRUN,
    /** An AV1 OBU with its forbidden bit set, or with extension bits that do not fit in it. */
    AV1_OBU_HEADER,
    /** An AV1 frame without the sequence header that it needs before it. */
    AV1_SEQUENCE_HEADER_MISSING,
    /** An AV1 frame begins with a packet that does not hold its frame header. */
    AV1_FRAME_HEADER_MISSING,
  }

  private final Reason reason;

  private PayloadFormatException(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /** Returns the one instance for a reason. Allocates nothing. */
  static PayloadFormatException of(Reason reason) {
    return Objects.requireNonNull(INSTANCES.get(reason));
  }

  /** Returns what was wrong. */
  public Reason reason() {
    return reason;
  }

  private static Map<Reason, PayloadFormatException> instances() {
    Map<Reason, PayloadFormatException> instances = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      instances.put(reason, new PayloadFormatException(reason));
    }
    return instances;
  }
}
