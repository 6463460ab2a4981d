/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

import java.io.Serial;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Octets from the network do not have the form that their format demands.
 *
 * <p>Anyone can send malformed packets at line rate, so that rejecting one must cost no more than
 * accepting one: there is a single instance per {@link Reason}, made in advance, without stack
 * trace, cause or suppressed exceptions. An instance says what was wrong, never where in the code
 * or in which packet. It is immutable and may be thrown by several threads at once.
 */
public final class MalformedPacketException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private static final Map<Reason, MalformedPacketException> INSTANCES = instances();

  /** What was wrong, one constant for each kind of malformation; made to be counted. */
  public enum Reason {
    /** Fewer than the 12 octets of the fixed RTP header (RFC 3550 section 5.1). */
    RTP_TOO_SHORT,
    /** The RTP version is not 2 (RFC 3550 section 5.1). */
    RTP_VERSION,
    /** The CSRC list does not fit in the packet (RFC 3550 section 5.1). */
    RTP_CSRC_OVERRUN,
    /** The X bit is set but no 4-octet extension header fits (RFC 3550 section 5.3.1). */
    RTP_EXTENSION_HEADER_OVERRUN,
    /** The length in the extension header reaches past the packet (RFC 3550 section 5.3.1). */
    RTP_EXTENSION_OVERRUN,
    /** A two-byte extension element ends after its ID, before its length (RFC 8285 section 4.3). */
    EXTENSION_ELEMENT_LENGTH_MISSING,
    /** An extension element's data reaches past the extension block (RFC 8285 section 4). */
    EXTENSION_ELEMENT_OVERRUN,
    /** An audio level without its octet (RFC 6464 section 3). */
    AUDIO_LEVEL_EMPTY,
    /** An audio level of more than its one octet (RFC 6464 section 3). */
    AUDIO_LEVEL_TOO_LONG,
    /** A video frame marking without an octet (RFC 9626 section 3). */
    FRAME_MARKING_EMPTY,
    /** A video frame marking of more than three octets (RFC 9626 section 3). */
    FRAME_MARKING_TOO_LONG,
    /** A dependency descriptor of less than its three mandatory octets (AV1 RTP A.8.2). */
    DEPENDENCY_TOO_SHORT,
    /** A dependency descriptor of more octets than an extension element has (RFC 8285 4.3). */
    DEPENDENCY_TOO_LONG,
    /** A dependency descriptor that ends before all that it announces (AV1 RTP A.8.2). */
    DEPENDENCY_TRUNCATED,
    /** A dependency structure of more templates than there are template IDs (AV1 RTP A.8.2). */
    DEPENDENCY_TOO_MANY_TEMPLATES,
    /** A dependency template of a spatial layer above 3, which AV1 does not have. */
    DEPENDENCY_SPATIAL_ID_RANGE,
    /** A dependency template of a temporal layer above 7, which AV1 does not have. */
    DEPENDENCY_TEMPORAL_ID_RANGE,
    /** A frame whose template is not of the structure that comes with it (AV1 RTP A.8.3). */
    DEPENDENCY_TEMPLATE_ID_RANGE,
    /** A payload without the last octet that configures the OHB (RFC 8723 section 4). */
    OHB_MISSING,
    /** An OHB with reserved bits set (RFC 8723 section 4). */
    OHB_RESERVED_BITS,
    /** An OHB that gives a marker value but says that there is none (RFC 8723 section 4). */
    OHB_MARKER_VALUE_WITHOUT_MARKER,
    /** An OHB that is longer than the payload that ends with it (RFC 8723 section 4). */
    OHB_TRUNCATED,
    /** An OHB with a payload type above 127, which no RTP header can have (RFC 8723 section 4). */
    OHB_PAYLOAD_TYPE_RANGE,
  }

  private final Reason reason;

  private MalformedPacketException(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /** Returns the one instance for a reason. Allocates nothing. */
  public static MalformedPacketException of(Reason reason) {
    return Objects.requireNonNull(INSTANCES.get(reason));
  }

  /** Returns what was wrong. */
  public Reason reason() {
    return reason;
  }

  private static Map<Reason, MalformedPacketException> instances() {
    Map<Reason, MalformedPacketException> instances = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      instances.put(reason, new MalformedPacketException(reason));
    }
    return instances;
  }
}
