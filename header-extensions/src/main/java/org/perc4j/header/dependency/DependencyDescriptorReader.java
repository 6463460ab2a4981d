/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.perc4j.header.dependency.DependencyDescriptorWriter.ACTIVE_TARGETS_PRESENT;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.CHAIN_DIFF_BITS;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.CUSTOM_CHAIN_DIFFS;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.CUSTOM_DTIS;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.CUSTOM_FRAME_DIFFS;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.END_OF_FRAME;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.FRAME_DIFF_UNIT_BITS;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.MANDATORY_LENGTH;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.MAX_LENGTH;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.NEXT_FRAME_DIFF_SIZE_BITS;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.START_OF_FRAME;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.STRUCTURE_PRESENT;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.TEMPLATE_ID_MASK;
import static org.perc4j.header.dependency.DependencyStructure.START_BIT;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.BitReader;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * Reads the dependency descriptors of the packets of one SSRC (AV1 RTP specification, appendix A).
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |S|E|template ID|         frame number          |T|A|D|F|C|  ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *                 mandatory                       if longer than 3
 * }</pre>
 *
 * <ul>
 *   <li>{@code S}, {@code E}: the first, the last packet of the frame.
 *   <li>{@code T}: a {@link DependencyStructure} follows.
 *   <li>{@code A}: then, a mask of the decode targets that are active from now on.
 *   <li>{@code D}, {@code F}, {@code C}: then, of the frame itself in place of its template's, the
 *       decode target indications, the differences to frames referred to, and those to the
 *       predecessors in chains.
 * </ul>
 *
 * <p>This reader remembers two structures, the newest and the one before, so that packets that come
 * late, from before a key frame, are understood. A packet without a structure refers to the newest
 * one that has its template ID. Structures are ordered as they arrive, except that a frame of a
 * number a little below is late: one that comes with a structure does not displace the newest, one
 * whose template ID both have refers to the one before, and a mask in one does not take back a
 * later one. "A little" is {@link #LATE_FRAMES}; a greater leap back is taken for a sender that
 * began anew.
 *
 * <p>A structure that comes again, bit by bit as one that is remembered, is the same instance. So,
 * usually, are the {@linkplain #dependencies dependencies} of frames that are not as their template
 * says: a bounded number of them is kept for each structure. Nothing is allocated but for
 * structures and dependencies that are new, and then only if the descriptor is well formed.
 *
 * <p>Where the specification leaves a choice:
 *
 * <ul>
 *   <li>What follows the last field is ignored, as it says, however long and whatever its bits.
 *   <li>It does not limit layers. They are limited here as AV1's header limits them.
 *   <li>A structure with the offset of a known one and other content, which it forbids to senders,
 *       is a new structure here: to refuse it would make all that follows unreadable.
 *   <li>Which decode targets are active is kept for each structure, as a mask means nothing to
 *       another. Their order is that of frame numbers, since the one of sequence numbers that it
 *       prescribes is not known here.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class DependencyDescriptorReader {

  /** What this extension is called in signalling (A.9). */
  public static final String URI =
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

  /** How many frames a packet can be behind another one without being taken for a new beginning. */
  public static final int LATE_FRAMES = 512;

  /** Dependencies of frames unlike their templates that are kept for each structure. */
  static final int KEPT_DEPENDENCIES = 32;

  private static final int MAX_FRAME_DIFFS =
      MAX_LENGTH * Byte.SIZE / (NEXT_FRAME_DIFF_SIZE_BITS + FRAME_DIFF_UNIT_BITS);

  /**
   * How far behind the present a remembered frame number may fall. It is moved along then, as the
   * distance is known modulo 65536 only.
   */
  private static final int MAX_AGE_FRAMES = 1 << 14;

  private static final int FRAME_NUMBER_MASK = 0xFFFF;

  private final BitReader<MalformedPacketException> bits =
      new BitReader<>(MalformedPacketException.of(Reason.DEPENDENCY_TRUNCATED));
  private final StructureScan scan = new StructureScan();

  // What the descriptor at hand has of its own.
  private long customDtis;
  private int customFrameDiffCount;
  private final int[] customFrameDiffs = new int[MAX_FRAME_DIFFS];
  private final int[] customChainDiffs = new int[FrameDependencies.MAX_DECODE_TARGETS];

  private Known newest = new Known();
  private Known previous = new Known();

  private boolean startOfFrame;
  private boolean endOfFrame;
  private int templateId;
  private int frameNumber;
  private boolean structurePresent;
  private @Nullable DependencyStructure structure;
  private @Nullable FrameDependencies dependencies;
  private boolean activeDecodeTargetsPresent;
  private int activeDecodeTargets;

  /** Makes a reader that knows no structure. */
  public DependencyDescriptorReader() {}

  /**
   * Reads the data of an extension element. Nothing is written, and the array is not kept.
   *
   * @param buffer holds the data
   * @param offset index of the first octet of the data
   * @param length octets of the data
   * @return whether {@link #structure} and {@link #dependencies} are known. If not, which is so as
   *     long as no structure has come that has the template ID, the packet is not malformed, but no
   *     more can be read than its mandatory fields.
   * @throws MalformedPacketException with {@link Reason#DEPENDENCY_TOO_SHORT}, {@link
   *     Reason#DEPENDENCY_TOO_LONG}, {@link Reason#DEPENDENCY_TRUNCATED}, {@link
   *     Reason#DEPENDENCY_TOO_MANY_TEMPLATES}, {@link Reason#DEPENDENCY_SPATIAL_ID_RANGE}, {@link
   *     Reason#DEPENDENCY_TEMPORAL_ID_RANGE} or {@link Reason#DEPENDENCY_TEMPLATE_ID_RANGE}; the
   *     reader is as it was before
   * @throws IndexOutOfBoundsException if the region is not inside the array, the caller's bug
   */
  public boolean read(byte[] buffer, int offset, int length) throws MalformedPacketException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length < MANDATORY_LENGTH) {
      throw MalformedPacketException.of(Reason.DEPENDENCY_TOO_SHORT);
    }
    if (length > MAX_LENGTH) {
      throw MalformedPacketException.of(Reason.DEPENDENCY_TOO_LONG);
    }
    int id = buffer[offset] & TEMPLATE_ID_MASK;
    int frame = (buffer[offset + 1] & 0xFF) << Byte.SIZE | (buffer[offset + 2] & 0xFF);
    int flags = length > MANDATORY_LENGTH ? buffer[offset + MANDATORY_LENGTH] & 0xFF : 0;
    bits.wrap(buffer, offset, length);
    bits.moveTo(Math.min(START_BIT, Byte.SIZE * length));
    boolean known;
    try {
      known =
          (flags & STRUCTURE_PRESENT) != 0
              ? readWithStructure(buffer, offset, length, flags, id, frame)
              : readWithoutStructure(flags, id, frame);
    } finally {
      bits.unwrap();
    }
    startOfFrame = (buffer[offset] & START_OF_FRAME) != 0;
    endOfFrame = (buffer[offset] & END_OF_FRAME) != 0;
    templateId = id;
    frameNumber = frame;
    return known;
  }

  private boolean readWithStructure(
      byte[] buffer, int offset, int length, int flags, int id, int frame)
      throws MalformedPacketException {
    DependencyStructure attached = knownIn(buffer, offset, length);
    boolean hasTemplate;
    int targets;
    int chains;
    if (attached == null) {
      scan.over(bits);
      hasTemplate = scan.has(id);
      targets = scan.decodeTargetCount();
      chains = scan.chainCount();
    } else {
      bits.moveTo(START_BIT + attached.encodedBits());
      hasTemplate = attached.templateIndex(id) >= 0;
      targets = attached.decodeTargetCount();
      chains = attached.chainCount();
    }
    if (!hasTemplate) {
      throw MalformedPacketException.of(Reason.DEPENDENCY_TEMPLATE_ID_RANGE);
    }
    boolean masked = (flags & ACTIVE_TARGETS_PRESENT) != 0;
    int mask = masked ? bits.read(targets) : 0;
    readCustomFields(flags, targets, chains);

    // Nothing is malformed from here on.
    if (attached == null) {
      bits.moveTo(START_BIT);
      attached = DependencyStructure.parse(bits);
    }
    Known target = adopt(attached, frame);
    structurePresent = true;
    activeDecodeTargetsPresent = masked;
    activeDecodeTargets = masked ? mask : attached.decodeTargetMask();
    target.activate(activeDecodeTargets, frame);
    structure = attached;
    dependencies = customize(target, attached.template(attached.templateIndex(id)), flags);
    return true;
  }

  private boolean readWithoutStructure(int flags, int id, int frame)
      throws MalformedPacketException {
    Known target = newest;
    if (!newest.has(id) || (previous.has(id) && newest.isAfter(frame))) {
      target = previous;
    }
    DependencyStructure referred = target.structure;
    int index = referred == null ? -1 : referred.templateIndex(id);
    if (referred == null || index < 0) {
      structure = null;
      dependencies = null;
      structurePresent = false;
      activeDecodeTargetsPresent = false;
      activeDecodeTargets = newest.activeTargets;
      return false;
    }
    boolean masked = (flags & ACTIVE_TARGETS_PRESENT) != 0;
    int mask = masked ? bits.read(referred.decodeTargetCount()) : target.activeTargets;
    readCustomFields(flags, referred.decodeTargetCount(), referred.chainCount());

    // Nothing is malformed from here on.
    target.follow(frame);
    if (masked) {
      target.activate(mask, frame);
    }
    structurePresent = false;
    activeDecodeTargetsPresent = masked;
    activeDecodeTargets = mask;
    structure = referred;
    dependencies = customize(target, referred.template(index), flags);
    return true;
  }

  private @Nullable DependencyStructure knownIn(byte[] buffer, int offset, int length) {
    if (newest.structure != null && newest.structure.isIn(buffer, offset, length)) {
      return newest.structure;
    }
    if (previous.structure != null && previous.structure.isIn(buffer, offset, length)) {
      return previous.structure;
    }
    return null;
  }

  private void readCustomFields(int flags, int decodeTargetCount, int chainCount)
      throws MalformedPacketException {
    if ((flags & CUSTOM_DTIS) != 0) {
      customDtis = FrameDependencies.readDtis(bits, decodeTargetCount);
    }
    if ((flags & CUSTOM_FRAME_DIFFS) != 0) {
      customFrameDiffCount = 0;
      int size = bits.read(NEXT_FRAME_DIFF_SIZE_BITS);
      while (size != 0) {
        customFrameDiffs[customFrameDiffCount] = bits.read(FRAME_DIFF_UNIT_BITS * size) + 1;
        customFrameDiffCount++;
        size = bits.read(NEXT_FRAME_DIFF_SIZE_BITS);
      }
    }
    if ((flags & CUSTOM_CHAIN_DIFFS) != 0) {
      for (int chain = 0; chain < chainCount; chain++) {
        customChainDiffs[chain] = bits.read(CHAIN_DIFF_BITS);
      }
    }
  }

  /** Puts what has just been read of the frame itself in place of what its template has. */
  private FrameDependencies customize(Known target, FrameDependencies template, int flags) {
    if ((flags & (CUSTOM_DTIS | CUSTOM_FRAME_DIFFS | CUSTOM_CHAIN_DIFFS)) == 0) {
      return template;
    }
    boolean ownFrameDiffs = (flags & CUSTOM_FRAME_DIFFS) != 0;
    return target.keep(
        template,
        (flags & CUSTOM_DTIS) != 0 ? customDtis : template.dtis(),
        ownFrameDiffs ? customFrameDiffs : template.frameDiffs(),
        ownFrameDiffs ? customFrameDiffCount : template.frameDiffCount(),
        (flags & CUSTOM_CHAIN_DIFFS) != 0 ? customChainDiffs : template.chainDiffs());
  }

  /** Remembers a structure, and for how new it is to be taken. */
  private Known adopt(DependencyStructure attached, int frame) {
    if (newest.isOf(attached)) {
      newest.follow(frame);
      return newest;
    }
    boolean late = newest.isAfter(frame);
    boolean known = previous.isOf(attached);
    if (!late) {
      swap();
    }
    Known target = late ? previous : newest;
    if (!known) {
      target.begin(attached, frame);
    } else if (!late) {
      target.resume(frame);
    }
    return target;
  }

  private void swap() {
    Known before = newest;
    newest = previous;
    previous = before;
  }

  /** Tells whether the packet is the first of its frame. */
  public boolean startOfFrame() {
    return startOfFrame;
  }

  /** Tells whether the packet is the last of its frame. */
  public boolean endOfFrame() {
    return endOfFrame;
  }

  /** Returns the ID of the frame's template, 0 to 63. */
  public int templateId() {
    return templateId;
  }

  /** Returns the number of the frame, 0 to 65535. */
  public int frameNumber() {
    return frameNumber;
  }

  /** Tells whether the packet came with a structure. */
  public boolean structurePresent() {
    return structurePresent;
  }

  /** Returns the structure that the frame refers to, or {@code null} if it is not known. */
  public @Nullable DependencyStructure structure() {
    return structure;
  }

  /** Returns what the frame belongs to and needs, or {@code null} if its structure is not known. */
  public @Nullable FrameDependencies dependencies() {
    return dependencies;
  }

  /** Tells whether the packet says which decode targets are active, other than by a structure. */
  public boolean activeDecodeTargetsPresent() {
    return activeDecodeTargetsPresent;
  }

  /**
   * Returns the decode targets that are active, target 0 in the lowest bit: those that the packet
   * says; else, if it came with a structure, all of them; else those that were active among the
   * ones of its structure. If the structure is not known, those of the newest that is, or 0.
   */
  public int activeDecodeTargets() {
    return activeDecodeTargets;
  }

  private static boolean isLate(int frame, int reference) {
    int behind = (reference - frame) & FRAME_NUMBER_MASK;
    return behind >= 1 && behind <= LATE_FRAMES;
  }

  /** A structure that is remembered, if any, with what belongs to it. Reused for the next one. */
  private static final class Known {

    private final FrameDependencies[] kept = new FrameDependencies[KEPT_DEPENDENCIES];
    private final int[] hashes = new int[KEPT_DEPENDENCIES];
    private int keptCount;
    private int nextKept;

    private @Nullable DependencyStructure structure;

    /** Number of the frame that it came with, moved along. */
    private int since;

    private int activeTargets;

    /** Number of the frame that last said which targets are active, moved along. */
    private int activeSince;

    /** Becomes another structure; {@link #activate} is to follow. */
    void begin(DependencyStructure structure, int frame) {
      this.structure = structure;
      resume(frame);
      Arrays.fill(kept, null);
      keptCount = 0;
      nextKept = 0;
    }

    /** Becomes current, after frames that were another structure's. */
    void resume(int frame) {
      since = frame;
      activeSince = frame;
    }

    /** Compares identity, which {@link #read} has seen to. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(DependencyStructure other) {
      return structure == other;
    }

    boolean has(int templateId) {
      return structure != null && structure.templateIndex(templateId) >= 0;
    }

    boolean isAfter(int frame) {
      return structure != null && isLate(frame, since);
    }

    void activate(int mask, int frame) {
      if (!isLate(frame, activeSince)) {
        activeTargets = mask;
        activeSince = frame;
      }
    }

    void follow(int frame) {
      since = follow(since, frame);
      activeSince = follow(activeSince, frame);
    }

    private static int follow(int reference, int frame) {
      int age = (frame - reference) & FRAME_NUMBER_MASK;
      return age <= MAX_AGE_FRAMES || isLate(frame, reference)
          ? reference
          : (frame - MAX_AGE_FRAMES) & FRAME_NUMBER_MASK;
    }

    FrameDependencies keep(
        FrameDependencies template,
        long dtis,
        int[] frameDiffs,
        int frameDiffCount,
        int[] chainDiffs) {
      int spatialId = template.spatialId();
      int temporalId = template.temporalId();
      int chainCount = template.chainCount();
      int hash =
          FrameDependencies.hash(
              spatialId, temporalId, dtis, frameDiffs, frameDiffCount, chainDiffs, chainCount);
      for (int i = 0; i < keptCount; i++) {
        if (hashes[i] == hash
            && kept[i].isOf(
                spatialId, temporalId, dtis, frameDiffs, frameDiffCount, chainDiffs, chainCount)) {
          return kept[i];
        }
      }
      FrameDependencies dependencies =
          new FrameDependencies(
              spatialId,
              temporalId,
              template.decodeTargetCount(),
              dtis,
              Arrays.copyOf(frameDiffs, frameDiffCount),
              Arrays.copyOf(chainDiffs, chainCount));
      kept[nextKept] = dependencies;
      hashes[nextKept] = hash;
      keptCount = Math.max(keptCount, nextKept + 1);
      nextKept = (nextKept + 1) % KEPT_DEPENDENCIES;
      return dependencies;
    }
  }
}
