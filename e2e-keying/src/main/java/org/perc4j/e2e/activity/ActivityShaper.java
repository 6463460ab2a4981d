/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.perc4j.header.audiolevel.AudioLevelCodec;

/**
 * Makes of the audio level of each packet (RFC 6464) what the bridge is told: enough for it to find
 * the dominant speaker, little else. One for each audio stream; what it returns goes into the
 * header extension of that packet.
 *
 * <p>{@link ActivityMode#MINIMAL} tells two states, and each by a pattern that is always the same:
 *
 * <pre>{@code
 *           voice for attack + jitter
 *        +------------------------------------>+
 *     silent                                speaking
 *        +<------------------------------------+
 *           quiet for yield + jitter, while others speak;
 *           quiet for hold + jitter, while nobody does
 *
 * silent    100 -dBov, V = 0, in every packet
 * speaking  30 -dBov, V = 1; from the 16th packet on every 8th has 60 -dBov instead
 * }</pre>
 *
 * <p>The pattern has to do with how Jitsi compares speakers: by how many stretches of 100 ms were
 * loud throughout, of the last ten. With gaps an earlier speaker has about as many of these as real
 * speech has, and whoever begins to speak overtakes as soon as with exact levels. As speaking ends
 * when others begin, and else only after seconds, pauses between words and sentences do not show.
 *
 * <p>Whether others speak must come from what was heard of them: from audio that was decrypted and
 * is authentic. The levels that come with their packets can be forged by the bridge, and would let
 * it ask this endpoint again and again whether it is quiet.
 *
 * <p>Time that goes back stands still; where it jumps by more than {@link #MAX_STEP_MILLIS} nobody
 * is taken to be speaking until that shows anew. In no case does a true level get out, but in
 * {@link ActivityMode#EXACT}.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
public final class ActivityShaper {
  /** The longest time from one packet to the next in which a state lasts. */
  public static final int MAX_STEP_MILLIS = 1000;

  private static final int SILENT_LEVEL = AudioLevelCodec.of(false, 100);
  private static final int SPEAKING_LEVEL = AudioLevelCodec.of(true, 30);
  private static final int GAP_LEVEL = AudioLevelCodec.of(true, 60);

  /** Packets without a gap at the beginning of speech. */
  private static final int HEAD_PACKETS = 15;

  private static final int GAP_INTERVAL_PACKETS = 8;

  /**
   * The levels of the coarse mode, loudest first. Jitsi takes what is louder than 47 -dBov for
   * speech. There is none between that and silence, as a room's noise would come and go in it.
   */
  private static final int[] STEPS = {
    AudioLevelCodec.of(true, 20), AudioLevelCodec.of(true, 38), SILENT_LEVEL
  };

  /** The softest true level of each step but the last one, in -dBov. */
  private static final int[] STEP_ENDS = {30, 47};

  private static final int SOFTEST = STEPS.length - 1;

  /** How much softer than where its step ends a level has to be to leave it. */
  private static final int HYSTERESIS_DB = 3;

  /** Longer than any time with its jitter. */
  private static final int NEVER_MILLIS = 3 * ActivityTiming.MAX_MILLIS;

  private final ActivityMode mode;
  private final ActivityTiming timing;
  private final RandomGenerator random;

  private boolean started;
  private long lastMillis;

  private boolean speaking;
  private int voiceMillis;
  private int quietMillis;
  private int othersQuietMillis = NEVER_MILLIS;
  private int attackMillis;
  private int yieldMillis;
  private int holdMillis;
  private int patternPackets;

  private int step = SOFTEST;
  private int loudestSince = SOFTEST;
  private int softerMillis;
  private int louderMillis;

  /**
   * A shaper with {@link ActivityTiming#DEFAULT}.
   *
   * @param random of the edges; only this shaper may use it. It has to be unpredictable, {@link
   *     java.security.SecureRandom} for example, or what it hides can be worked out
   */
  public ActivityShaper(ActivityMode mode, RandomGenerator random) {
    this(mode, ActivityTiming.DEFAULT, random);
  }

  /** A shaper with other times; else as above. */
  public ActivityShaper(ActivityMode mode, ActivityTiming timing, RandomGenerator random) {
    this.mode = Objects.requireNonNull(mode);
    this.timing = Objects.requireNonNull(timing);
    this.random = Objects.requireNonNull(random);
    silence();
  }

  /**
   * Shapes the level of the next packet.
   *
   * @param millis when the packet was recorded, by any clock that goes on
   * @param levelMinusDbov how loud it is, 0 (loudest) to 127 (silence)
   * @param voice whether there is voice in it, by a detector of the caller's choice
   * @param othersSpeak whether the voice of somebody else is being heard; false if it is not known,
   *     which makes the bridge see changes of speakers later
   * @return what to send, 0 to 255, for {@link AudioLevelCodec#write}
   * @throws IllegalArgumentException if the level is out of its range; as if the packet had not
   *     been. It must then be sent without a level, or not at all
   */
  public int shape(long millis, int levelMinusDbov, boolean voice, boolean othersSpeak) {
    int exact = AudioLevelCodec.of(voice, levelMinusDbov);
    int elapsed = elapsed(millis);
    return switch (mode) {
      case EXACT -> exact;
      case COARSE -> coarse(elapsed, levelMinusDbov);
      case MINIMAL -> minimal(elapsed, voice, othersSpeak);
      case SILENT -> SILENT_LEVEL;
    };
  }

  /**
   * Returns what passed since the last packet: 0 where that is not known, or not to be believed.
   */
  private int elapsed(long millis) {
    boolean continues = started && millis >= lastMillis;
    long elapsed = continues ? millis - lastMillis : 0;
    started = true;
    lastMillis = millis;
    // Negative where the difference is too large for its type.
    if (elapsed < 0 || elapsed > MAX_STEP_MILLIS) {
      silence();
      return 0;
    }
    return (int) elapsed;
  }

  private void silence() {
    speaking = false;
    voiceMillis = 0;
    quietMillis = 0;
    changeTo(SOFTEST);
  }

  private int draw(int least, int jitter) {
    return least + random.nextInt(jitter + 1);
  }

  private int minimal(int elapsed, boolean voice, boolean othersSpeak) {
    othersQuietMillis = othersSpeak ? 0 : Math.min(othersQuietMillis + elapsed, NEVER_MILLIS);
    if (voice) {
      voiceMillis = Math.min(voiceMillis + elapsed, ActivityTiming.MAX_MILLIS);
      quietMillis = 0;
    } else {
      quietMillis = Math.min(quietMillis + elapsed, NEVER_MILLIS);
      if (quietMillis > timing.bridgeMillis()) {
        voiceMillis = 0;
      }
    }
    if (speaking) {
      patternPackets++;
      boolean othersWait = othersQuietMillis <= timing.othersMillis();
      if (quietMillis > 0 && quietMillis >= (othersWait ? yieldMillis : holdMillis)) {
        silence();
      }
    } else if (voice && voiceMillis >= attackMillis) {
      speaking = true;
      patternPackets = 0;
      yieldMillis = draw(timing.yieldMillis(), timing.yieldJitterMillis());
      holdMillis = draw(timing.holdMillis(), timing.holdJitterMillis());
    }
    if (!speaking) {
      return SILENT_LEVEL;
    }
    boolean gap = patternPackets >= HEAD_PACKETS && patternPackets % GAP_INTERVAL_PACKETS == 0;
    return gap ? GAP_LEVEL : SPEAKING_LEVEL;
  }

  private int coarse(int elapsed, int levelMinusDbov) {
    int now = 0;
    while (now < SOFTEST && levelMinusDbov > STEP_ENDS[now] + (now >= step ? HYSTERESIS_DB : 0)) {
      now++;
    }
    louderMillis = now < step ? louderMillis + elapsed : 0;
    if (now < step && louderMillis >= attackMillis) {
      changeTo(now);
    } else if (now <= step) {
      loudestSince = SOFTEST;
      softerMillis = 0;
    } else {
      loudestSince = Math.min(loudestSince, now);
      softerMillis += elapsed;
      if (softerMillis >= timing.windowMillis()) {
        changeTo(loudestSince);
      }
    }
    return STEPS[step];
  }

  private void changeTo(int newStep) {
    step = newStep;
    loudestSince = SOFTEST;
    softerMillis = 0;
    louderMillis = 0;
    attackMillis = draw(timing.attackMillis(), timing.attackJitterMillis());
  }
}
