/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.perc4j.header.dependency.FrameDependencies.DISCARDABLE;
import static org.perc4j.header.dependency.FrameDependencies.MAX_CHAIN_DIFF;
import static org.perc4j.header.dependency.FrameDependencies.MAX_FRAME_DIFF;
import static org.perc4j.header.dependency.FrameDependencies.NOT_PRESENT;
import static org.perc4j.header.dependency.FrameDependencies.REQUIRED;
import static org.perc4j.header.dependency.FrameDependencies.SWITCH;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.e2e.marking.SvcLayers.InterLayer;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * Turns what the headers of layer frames say, which of a decoder's eight slots they refer to and
 * which they replace, into markings and dependency descriptors.
 *
 * <p>There is a decode target for each spatial layer S and each temporal layer T, in this order,
 * and a chain for each spatial layer, which consists of the frames of its targets that have
 * temporal layer 0. A frame of the layers s and t is part of the targets with S &gt;= s and T &gt;=
 * t; without inter-layer prediction, only of those with S = s. Frames are numbered in the order
 * sent, each layer frame for itself.
 *
 * <ul>
 *   <li><em>References</em> are the frames in the slots that the header names. Headers name a fixed
 *       number of references, and an encoder that uses fewer lets the others point anywhere; what
 *       is not part of all targets that the frame is part of cannot be meant.
 *   <li><em>SWITCH</em> is claimed only if it is certain: each slot holds something that is not
 *       part of the target, or the frame itself, or something that it depends on, if only through
 *       others. Whatever later frames refer to is there, then. The highest temporal layer does not
 *       count, see below, nor do layers which the payload or the encoder promises that nobody goes
 *       back to; the encoder is no longer believed once a frame did.
 *   <li><em>DISCARDABLE</em> is a frame that goes into no slot; and one of the highest temporal
 *       layer in targets that no spatial layer above it is part of, since nothing later is
 *       predicted from that layer. Encoders keep to this, but no header promises it. From the first
 *       frame on that does otherwise, it is not relied on any more.
 *   <li>Structures come with key frames. Their templates are those of the usual dyadic pattern;
 *       frames that differ say so themselves.
 * </ul>
 *
 * <p>Composed dependencies are kept and found again, so that a stream that repeats itself allocates
 * nothing.
 */
final class SvcDependencies {
  static final int SLOTS = 8;
  static final int ALL_SLOTS = (1 << SLOTS) - 1;

  /** In place of TL0PICIDX: it is counted here. */
  static final int NOT_TOLD = -1;

  private static final int KEPT = 64;
  private static final int NONE = -1;
  private static final int TL0_PIC_IDX_MASK = 0xFF;
  private static final int FRAME_NUMBER_MASK = 0xFFFF;
  private static final int MAX_TEMPLATE_FRAME_DIFF = 16;
  private static final int MAX_TEMPLATE_CHAIN_DIFF = 15;
  private static final int TEMPLATE_IDS = 64;

  private final SvcLayers layers;
  private final int spatialLayers;
  private final int temporalLayers;
  private final int targets;
  private final int[] protectingChains;
  private final List<FrameDependencies> templates;

  // what the slots hold
  private final long[] slotFrame = new long[SLOTS];
  private final long[] slotPicture = new long[SLOTS];
  private final int[] slotTemporalId = new int[SLOTS];
  private final int[] slotTargets = new int[SLOTS];
  private final boolean[] slotSync = new boolean[SLOTS];

  /** The lowest temporal layer of the pictures that came after it. */
  private final int[] slotLowestSince = new int[SLOTS];

  /** For each slot the slots with what its content is or depends on. */
  private final int[] slotReach = new int[SLOTS];

  private final long[] lastInChain = new long[SvcLayers.MAX_SPATIAL];

  /** Whether there was a key frame, so that something is known of the slots. */
  private boolean known;

  /** Whether there was a frame since that cannot be told of, or not all that should be. */
  private boolean keyFrameWanted;

  private boolean topTemporalLayerIsReferred;
  private boolean switchingUpIsPromised;
  private long frames;
  private long pictures;
  private int tl0PicIdx;

  // the layer frame that is being sent
  private boolean inFrame;
  private boolean pictureBegun;
  private long timestamp;
  private int spatialId;
  private int temporalId;
  private boolean independent;
  private boolean discardable;
  private boolean sync;
  private boolean key;
  private boolean keyPicture;
  private @Nullable FrameDependencies dependencies;

  // the structure
  private final int[] widths;
  private final int[] heights;
  private @Nullable DependencyStructure structure;
  private int nextTemplateId;
  private int activeTargets;
  private boolean activeTargetsToldApart;

  // scratch, and what was composed before
  private final int[] diffs = new int[SLOTS];
  private int diffCount;
  private final int[] chainDiffs;
  private final int[] dtis;
  private final @Nullable FrameDependencies[] kept = new FrameDependencies[KEPT];
  private final int[] keptHash = new int[KEPT];
  private int nextKept;

  /**
   * Dependencies of one stream.
   *
   * @param switchingUp whether the payload tells switching up points, which most frames of the
   *     lower temporal layers are then
   */
  SvcDependencies(SvcLayers layers, boolean switchingUp) {
    this(layers, templates(layers, switchingUp));
  }

  private SvcDependencies(SvcLayers layers, List<FrameDependencies> templates) {
    this.layers = layers;
    this.templates = templates;
    spatialLayers = layers.spatial();
    temporalLayers = layers.temporal();
    targets = spatialLayers * temporalLayers;
    protectingChains = new int[targets];
    for (int target = 0; target < targets; target++) {
      protectingChains[target] = target / temporalLayers;
    }
    widths = new int[spatialLayers];
    heights = new int[spatialLayers];
    chainDiffs = new int[spatialLayers];
    dtis = new int[targets];
    activeTargets = allTargets();
    switchingUpIsPromised = layers.switchingUp();
  }

  private int allTargets() {
    return (1 << targets) - 1;
  }

  /**
   * Checks the layers of a packet.
   *
   * @throws PayloadFormatException with {@link Reason#LAYER_RANGE}
   */
  void requireLayer(int spatial, int temporal) throws PayloadFormatException {
    if (spatial >= spatialLayers || temporal >= temporalLayers) {
      throw PayloadFormatException.of(Reason.LAYER_RANGE);
    }
  }

  /** Tells whether the layer frame whose first packet came last goes on with a packet. */
  boolean isCurrent(long time, int spatial) {
    return inFrame && timestamp == time && spatialId == spatial;
  }

  /** Tells whether a frame of this time goes on, of whatever layer. */
  boolean isCurrent(long time) {
    return inFrame && timestamp == time;
  }

  /** A frame came that cannot be read: it may be in any slot now, and depends on anything. */
  void lose() {
    inFrame = false;
    becomeUnknown(ALL_SLOTS);
  }

  /**
   * A frame that cannot be told of takes its number, and these slots. Later frames that name one of
   * them depend on it, then, as far as anybody can tell.
   */
  private void becomeUnknown(int slots) {
    dependencies = null;
    if (!known) {
      return;
    }
    keyFrameWanted = true;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((slots >> slot & 1) != 0) {
        slotFrame[slot] = frames;
        slotPicture[slot] = pictures;
        slotTemporalId[slot] = NONE;
        slotTargets[slot] = allTargets();
        slotSync[slot] = false;
        slotReach[slot] = 1 << slot;
        slotLowestSince[slot] = temporalLayers;
      } else {
        slotReach[slot] &= ~slots;
      }
    }
    frames++;
  }

  /** Whether there was a frame, since the last key frame, of which not all was told. */
  boolean keyFrameWanted() {
    return keyFrameWanted;
  }

  /** A packet is not marked, and has no descriptor. */
  void markNothing() {
    dependencies = null;
  }

  /** A packet of a frame whose beginning was missed. */
  void beginUnknown(long time, int spatial, int temporal, int toldTl0PicIdx) {
    lose();
    pictureBegun = true;
    pictures++;
    timestamp = time;
    spatialId = spatial;
    temporalId = temporal;
    independent = false;
    discardable = false;
    sync = false;
    key = false;
    keyPicture = false;
    tl0PicIdx = toldTl0PicIdx == NOT_TOLD ? tl0PicIdx : toldTl0PicIdx;
  }

  private boolean startPicture(long time, int spatial) {
    boolean starts = !pictureBegun || timestamp != time || spatial <= spatialId;
    pictureBegun = true;
    if (starts) {
      pictures++;
    }
    return starts;
  }

  /**
   * A layer frame begins.
   *
   * @param time RTP timestamp
   * @param spatial its spatial layer
   * @param temporal its temporal layer
   * @param toldTl0PicIdx from the payload, or {@link #NOT_TOLD}
   * @param keyFrame whether it replaces what is in all slots, and refers to none
   * @param switchingUp whether the payload promises that no later frame of a higher temporal layer
   *     refers to one of these before it
   * @param usedAbove false if the payload says that no higher spatial layer refers to it
   * @param refers slots that it may refer to, slot 0 in the lowest bit
   * @param replaces slots that it goes into
   */
  void begin(
      long time,
      int spatial,
      int temporal,
      int toldTl0PicIdx,
      boolean keyFrame,
      boolean switchingUp,
      boolean usedAbove,
      int refers,
      int replaces) {
    boolean newPicture = startPicture(time, spatial);
    keyPicture = keyFrame || (keyPicture && !newPicture);
    timestamp = time;
    spatialId = spatial;
    temporalId = temporal;
    key = keyFrame;
    dependencies = null;
    if (toldTl0PicIdx != NOT_TOLD) {
      tl0PicIdx = toldTl0PicIdx;
    } else if (newPicture && temporal == 0) {
      tl0PicIdx = (tl0PicIdx + 1) & TL0_PIC_IDX_MASK;
    }
    inFrame = true;
    known |= keyFrame;
    keyFrameWanted &= !keyFrame;
    independent = false;
    sync = false;
    discardable = replaces == 0;
    if (known) {
      learn(switchingUp, usedAbove, refers, replaces);
    }
  }

  private void learn(boolean switchingUp, boolean usedAbove, int refers, int replaces) {
    independent = keyPicture;
    int present = presentTargets();
    int references = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((refers >> slot & 1) != 0 && (present & ~slotTargets[slot]) == 0) {
        references |= 1 << slot;
      }
    }
    if (refers != 0 && references == 0) {
      becomeUnknown(replaces); // of layers that frames of this one must not refer to
      return;
    }
    boolean needsBaseOnly = true;
    int reach = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((references >> slot & 1) == 0) {
        continue;
      }
      reach |= slotReach[slot];
      if (slotPicture[slot] == pictures) {
        needsBaseOnly &= slotSync[slot];
      } else {
        needsBaseOnly &= slotTemporalId[slot] == 0;
        topTemporalLayerIsReferred |= isTop(slotTemporalId[slot]);
        switchingUpIsPromised &= slotTemporalId[slot] <= slotLowestSince[slot];
      }
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slotPicture[slot] != pictures) {
        slotLowestSince[slot] = Math.min(slotLowestSince[slot], temporalId);
      }
    }
    sync = temporalId > 0 && needsBaseOnly;
    boolean told = findFrameDiffs(references);
    replace(replaces, reach, present);
    discardable = replaces == 0;
    findIndications(switchingUp || switchingUpIsPromised, usedAbove, replaces, reach, present);
    told &= findChainDiffs(present);
    dependencies = told ? compose() : null;
    keyFrameWanted |= !told;
    frames++;
  }

  private boolean isTop(int temporal) {
    return temporal > 0 && temporal == temporalLayers - 1;
  }

  private int presentTargets() {
    boolean inHigher =
        switch (layers.interLayer()) {
          case EVERY_PICTURE -> true;
          case KEY_PICTURES -> keyPicture;
          case NEVER -> false;
        };
    int present = 0;
    int highest = inHigher ? spatialLayers - 1 : spatialId;
    for (int spatial = spatialId; spatial <= highest; spatial++) {
      for (int temporal = temporalId; temporal < temporalLayers; temporal++) {
        present |= 1 << target(spatial, temporal);
      }
    }
    return present;
  }

  private int target(int spatial, int temporal) {
    return spatial * temporalLayers + temporal;
  }

  /**
   * From the nearest to the farthest, each once, but for those that are too far away to be named:
   * an encoder that names a slot for ever need not use it, and whoever has been following for that
   * long has what is in it. If that leaves none, the frame is not to pass for one that refers to
   * none: the last one of its layer stands for them, if that can be named.
   *
   * @return whether it can be told what the frame depends on
   */
  private boolean findFrameDiffs(int references) {
    diffCount = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((references >> slot & 1) == 0) {
        continue;
      }
      long distance = frames - slotFrame[slot];
      if (distance > MAX_FRAME_DIFF) {
        continue;
      }
      int diff = (int) distance;
      int at = 0;
      while (at < diffCount && diffs[at] < diff) {
        at++;
      }
      if (at < diffCount && diffs[at] == diff) {
        continue;
      }
      System.arraycopy(diffs, at, diffs, at + 1, diffCount - at);
      diffs[at] = diff;
      diffCount++;
    }
    if (references == 0 || diffCount > 0) {
      return true;
    }
    long last = lastInChain[spatialId];
    if (last == NONE || frames - last > MAX_FRAME_DIFF) {
      return false;
    }
    diffs[0] = (int) (frames - last);
    diffCount = 1;
    return true;
  }

  private void replace(int replaces, int reach, int present) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((replaces >> slot & 1) != 0) {
        slotFrame[slot] = frames;
        slotPicture[slot] = pictures;
        slotTemporalId[slot] = temporalId;
        slotTargets[slot] = present;
        slotSync[slot] = sync;
        slotReach[slot] = reach | replaces;
        slotLowestSince[slot] = temporalLayers;
      } else {
        slotReach[slot] &= ~replaces;
      }
    }
  }

  private void findIndications(
      boolean switchingUp, boolean usedAbove, int replaces, int reach, int present) {
    boolean lastOfItsKind = isTop(temporalId) && !topTemporalLayerIsReferred;
    // Slots that do not matter to later frames, whatever they hold.
    int indifferent = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      boolean over = isTop(slotTemporalId[slot]) && !topTemporalLayerIsReferred;
      boolean left =
          switchingUp && slotTemporalId[slot] > temporalId && slotPicture[slot] != pictures;
      indifferent |= over || left ? 1 << slot : 0;
    }
    int reached = reach | replaces | indifferent;
    boolean neverNeeded = true;
    for (int target = 0; target < targets; target++) {
      if ((present >> target & 1) == 0) {
        dtis[target] = NOT_PRESENT;
        continue;
      }
      boolean notUsed =
          replaces == 0 || (lastOfItsKind && (target / temporalLayers == spatialId || !usedAbove));
      neverNeeded &= notUsed;
      dtis[target] = notUsed ? DISCARDABLE : holdsNothingElse(target, reached) ? SWITCH : REQUIRED;
    }
    discardable = neverNeeded;
  }

  private boolean holdsNothingElse(int target, int reached) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((reached >> slot & 1) == 0 && (slotTargets[slot] >> target & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the frames before in its chains can be named. */
  private boolean findChainDiffs(int present) {
    boolean told = true;
    if (key) {
      Arrays.fill(lastInChain, NONE);
    }
    for (int chain = 0; chain < spatialLayers; chain++) {
      long distance = lastInChain[chain] == NONE ? 0 : frames - lastInChain[chain];
      int protectedTargets = ((1 << temporalLayers) - 1) << target(chain, 0);
      if (distance > MAX_CHAIN_DIFF) {
        told &= (present & protectedTargets) == 0;
        distance = 0; // no frame of its layer came for long
      }
      chainDiffs[chain] = (int) distance;
      if ((present >> target(chain, 0) & 1) != 0) {
        lastInChain[chain] = frames;
      }
    }
    return told;
  }

  private FrameDependencies compose() {
    int hash = 31 * spatialId + temporalId;
    for (int dti : dtis) {
      hash = 31 * hash + dti;
    }
    for (int i = 0; i < diffCount; i++) {
      hash = 31 * hash + diffs[i];
    }
    for (int diff : chainDiffs) {
      hash = 31 * hash + diff;
    }
    for (int i = 0; i < KEPT; i++) {
      FrameDependencies candidate = kept[i];
      if (candidate != null && keptHash[i] == hash && isCurrent(candidate)) {
        return candidate;
      }
    }
    FrameDependencies composed =
        FrameDependencies.of(
            spatialId, temporalId, dtis, Arrays.copyOf(diffs, diffCount), chainDiffs);
    kept[nextKept] = composed;
    keptHash[nextKept] = hash;
    nextKept = (nextKept + 1) % KEPT;
    return composed;
  }

  private boolean isCurrent(FrameDependencies candidate) {
    if (candidate.spatialId() != spatialId
        || candidate.temporalId() != temporalId
        || candidate.frameDiffCount() != diffCount) {
      return false;
    }
    for (int i = 0; i < diffCount; i++) {
      if (candidate.frameDiff(i) != diffs[i]) {
        return false;
      }
    }
    for (int target = 0; target < targets; target++) {
      if (candidate.dti(target) != dtis[target]) {
        return false;
      }
    }
    for (int chain = 0; chain < spatialLayers; chain++) {
      if (candidate.chainDiff(chain) != chainDiffs[chain]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the marking of the next packet of the frame, and ends the frame if it is the last. */
  int marking(boolean start, boolean end) {
    inFrame &= !end;
    if (targets == 1) {
      return FrameMarkingCodec.ofNonScalable(start, end, independent, discardable);
    }
    return FrameMarkingCodec.ofScalable(
        start, end, independent, discardable, sync, temporalId, spatialId, tl0PicIdx);
  }

  /** Tells the size of a layer's frames, 0 if not known; it counts from the next key frame on. */
  void resize(int spatial, int width, int height) {
    widths[spatial] = width;
    heights[spatial] = height;
  }

  /** Tells which layers will be sent from the next frame of temporal layer 0 on. */
  void activate(int spatial, int temporal) {
    if (spatial < 1 || spatial > spatialLayers || temporal < 1 || temporal > temporalLayers) {
      throw new IllegalArgumentException(spatial + " spatial and " + temporal + " temporal layers");
    }
    activeTargets = 0;
    for (int s = 0; s < spatial; s++) {
      for (int t = 0; t < temporal; t++) {
        activeTargets |= 1 << target(s, t);
      }
    }
    activeTargetsToldApart = true;
  }

  /** Writes the descriptor of the packet that was marked last, if anything is known. */
  int write(boolean start, boolean end, byte[] buffer, int offset) {
    FrameDependencies current = dependencies;
    if (current == null) {
      return 0;
    }
    boolean attach = key && start;
    if (attach) {
      renewStructure();
    }
    DependencyStructure referred = structure;
    if (referred == null) {
      return 0; // the packet that it would have come with was not written
    }
    return DependencyDescriptorWriter.write(
        referred,
        attach,
        activeMask(),
        start,
        end,
        (int) (frames - 1) & FRAME_NUMBER_MASK,
        current,
        buffer,
        offset);
  }

  /**
   * A structure stands for all targets; what differs is told again and again, as packets get lost.
   */
  private int activeMask() {
    if (key && activeTargets == allTargets()) {
      activeTargetsToldApart = false;
    }
    return activeTargetsToldApart && temporalId == 0
        ? activeTargets
        : DependencyDescriptorWriter.ABSENT;
  }

  private void renewStructure() {
    boolean sized = true;
    for (int layer = 0; layer < spatialLayers; layer++) {
      sized &= widths[layer] > 0 && heights[layer] > 0;
    }
    DependencyStructure current = structure;
    if (current != null && current.hasResolutions() == sized && (!sized || sizesAre(current))) {
      return;
    }
    DependencyStructure next = DependencyStructure.of(nextTemplateId, templates, protectingChains);
    nextTemplateId = (nextTemplateId + templates.size()) % TEMPLATE_IDS;
    structure = sized ? next.withResolutions(widths, heights) : next;
  }

  private boolean sizesAre(DependencyStructure candidate) {
    for (int layer = 0; layer < spatialLayers; layer++) {
      if (candidate.width(layer) != widths[layer] || candidate.height(layer) != heights[layer]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Sends the usual dyadic pattern through, and takes what comes out: temporal layers 0 2 1 2, each
   * frame predicted from the latest of the next lower layer.
   */
  private static List<FrameDependencies> templates(SvcLayers layers, boolean switchingUp) {
    SvcDependencies model = new SvcDependencies(layers, List.of());
    List<FrameDependencies> templates = new ArrayList<>();
    int cycle = 1 << (layers.temporal() - 1);
    for (int picture = 0; picture < 3 * cycle; picture++) {
      for (int spatial = 0; spatial < layers.spatial(); spatial++) {
        FrameDependencies frame = model.usual(picture, picture % cycle, spatial, switchingUp);
        if (!templates.contains(frame) && fitsTemplate(frame)) {
          templates.add(frame);
        }
      }
    }
    templates.sort(
        (a, b) ->
            a.spatialId() != b.spatialId()
                ? a.spatialId() - b.spatialId()
                : a.temporalId() - b.temporalId());
    return templates;
  }

  private FrameDependencies usual(int picture, int position, int spatial, boolean switchingUp) {
    int temporal = position == 0 ? 0 : temporalLayers - 1 - Integer.numberOfTrailingZeros(position);
    // Layer t of spatial layer s is kept in slot s + t * S, the highest for inter-layer prediction.
    int refers = 0;
    if (picture > 0) {
      boolean fromMiddle = temporal == 2 && position > 2;
      refers |= 1 << (spatial + (fromMiddle ? spatialLayers : 0));
    }
    boolean interLayer =
        layers.interLayer() == InterLayer.EVERY_PICTURE
            || (layers.interLayer() == InterLayer.KEY_PICTURES && picture == 0);
    int own = spatial + temporal * spatialLayers;
    if (spatial > 0 && interLayer) {
      refers |= 1 << (own - 1);
    }
    boolean keep = !isTop(temporal) || (interLayer && spatial < spatialLayers - 1);
    boolean keyFrame = picture == 0 && spatial == 0;
    begin(
        picture,
        spatial,
        temporal,
        NOT_TOLD,
        keyFrame,
        switchingUp,
        spatial < spatialLayers - 1 && interLayer,
        refers,
        keyFrame ? ALL_SLOTS : keep ? 1 << own : 0);
    if (dependencies == null) {
      throw new IllegalStateException("nothing composed");
    }
    return dependencies;
  }

  private static boolean fitsTemplate(FrameDependencies frame) {
    for (int i = 0; i < frame.frameDiffCount(); i++) {
      if (frame.frameDiff(i) > MAX_TEMPLATE_FRAME_DIFF) {
        return false;
      }
    }
    for (int chain = 0; chain < frame.chainCount(); chain++) {
      if (frame.chainDiff(chain) > MAX_TEMPLATE_CHAIN_DIFF) {
        return false;
      }
    }
    return true;
  }
}
