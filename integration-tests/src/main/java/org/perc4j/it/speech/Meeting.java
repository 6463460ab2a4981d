/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes up meetings, of which each participant's own microphone is recorded in a room of its own.
 * One speaks after the other in turns of some sentences; between turns are gaps, or the next one
 * begins too early; who listens says "yes" or tries to interrupt, and sometimes succeeds, or types;
 * now and then several laugh, or nobody has anything to say. Of the voices a talker's level and its
 * room's noise differ. The same seed and talkers yield the same samples.
 */
public final class Meeting {
  private static final int SECOND = SpeechTrack.SAMPLE_RATE;
  private static final double MIN_TURN_SECONDS = 2;
  private static final double MAX_TURN_SECONDS = 40;
  private static final double INTERRUPTED_TURNS = 0.12;
  private static final double LAUGHTER_AFTER_TURN = 0.08;
  private static final double SILENCE_AFTER_TURN = 0.07;
  private static final double ANSWER_TO_LAST_SPEAKER = 0.35;
  private static final double SECONDS_PER_ACKNOWLEDGEMENT = 10;
  private static final double SECONDS_PER_FAILED_INTERRUPTION = 60;
  private static final double SECONDS_PER_TYPING = 100;

  private final SplittableRandom random;
  private final int length;
  private final List<Participant> participants = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();

  private record Turn(int speaker, int from, int to) {}

  /** One talker, and what it has not yet said of its sentences. */
  private record Participant(
      Talker talker,
      Microphone microphone,
      double weight,
      double speechDbov,
      List<Utterance> unsaid) {}

  private Meeting(long seed, int seconds, List<Talker> talkers) {
    this.random = new SplittableRandom(seed);
    this.length = seconds * SECOND;
    for (Talker talker : talkers) {
      double speechDbov = random.nextDouble(-34, -20);
      double gainDb = speechDbov - talker.activeDbov();
      double noiseDbov = random.nextDouble(-72, -62);
      int packets = length / SpeechTrack.SAMPLES_PER_PACKET;
      Microphone microphone =
          new Microphone(talker.voice(), packets, gainDb, noiseDbov, random.split());
      double weight = Math.exp(random.nextGaussian() * 0.5);
      participants.add(new Participant(talker, microphone, weight, speechDbov, new ArrayList<>()));
    }
  }

  /** Makes up a meeting of synthetic voices; {@link Talkers} chooses them. */
  public static List<SpeechTrack> generate(long seed, int participants, int seconds, Speech speech)
      throws IOException, InterruptedException {
    return generate(seed, seconds, Talkers.choose(seed, participants, speech));
  }

  /**
   * Makes up a meeting of these, at least two.
   *
   * @return a track for each, in their order, all of the same length
   */
  public static List<SpeechTrack> generate(long seed, int seconds, List<Talker> talkers) {
    if (talkers.size() < 2 || seconds < 1) {
      throw new IllegalArgumentException("no meeting");
    }
    Meeting meeting = new Meeting(seed, seconds, talkers);
    meeting.takeTurns();
    meeting.listen();
    meeting.type();
    return meeting.participants.stream().map(one -> one.microphone().record()).toList();
  }

  private void takeTurns() {
    int last = -1;
    int speaker = -1;
    int at = samples(random.nextDouble(0.5, 3));
    while (at < length) {
      int next = nextSpeaker(speaker, last);
      last = speaker;
      speaker = next;
      boolean interrupted = random.nextDouble() < INTERRUPTED_TURNS;
      int end = turn(speaker, at, interrupted);
      at = Math.max(at + 1, end + (interrupted ? -samples(random.nextDouble(0.2, 0.9)) : gap()));
      if (!interrupted && random.nextDouble() < LAUGHTER_AFTER_TURN) {
        at = laugh(end + samples(random.nextDouble(0.1, 0.6)));
      }
    }
  }

  private int gap() {
    if (random.nextDouble() < SILENCE_AFTER_TURN) {
      return samples(random.nextDouble(2, 8));
    }
    return samples(Math.max(-0.6, Math.min(2, 0.3 + 0.45 * random.nextGaussian())));
  }

  private int nextSpeaker(int speaker, int last) {
    if (last >= 0 && random.nextDouble() < ANSWER_TO_LAST_SPEAKER) {
      return last;
    }
    double sum = 0;
    for (int i = 0; i < participants.size(); i++) {
      sum += i == speaker ? 0 : participants.get(i).weight();
    }
    double drawn = random.nextDouble(sum);
    int chosen = speaker == 0 ? 1 : 0;
    for (int i = 0; i < participants.size() && drawn >= 0; i++) {
      if (i != speaker) {
        chosen = i;
        drawn -= participants.get(i).weight();
      }
    }
    return chosen;
  }

  /** Returns where it ends: the last sentence breaks off if the speaker is interrupted. */
  private int turn(int speaker, int at, boolean interrupted) {
    Participant participant = participants.get(speaker);
    double wanted = Math.exp(Math.log(8) + 0.7 * random.nextGaussian());
    int goal = at + samples(Math.max(MIN_TURN_SECONDS, Math.min(MAX_TURN_SECONDS, wanted)));
    double moodDb = random.nextGaussian() * 1.5;
    int end = at;
    Utterance sentence = sentence(participant);
    int begin = at;
    while (true) {
      int size = sentence.samples().length;
      int after = begin + size + pause();
      Utterance following = sentence(participant);
      // Stops where it comes nearest to what was wanted.
      boolean isLast =
          after + following.samples().length / 2 > goal
              || after + following.samples().length > at + samples(MAX_TURN_SECONDS);
      int said = isLast && interrupted ? (int) (size * random.nextDouble(0.4, 0.8)) : size;
      participant.microphone().say(sentence, begin, said, moodDb + random.nextGaussian() * 1.5);
      end = begin + said;
      if (isLast) {
        participant.unsaid().add(following);
        break;
      }
      sentence = following;
      begin = after;
    }
    turns.add(new Turn(speaker, at, end));
    return end;
  }

  private int pause() {
    double drawn = random.nextDouble();
    return samples(0.2 + 0.8 * drawn * drawn);
  }

  private Utterance sentence(Participant participant) {
    List<Utterance> unsaid = participant.unsaid();
    if (unsaid.isEmpty()) {
      unsaid.addAll(participant.talker().sentences());
      for (int i = unsaid.size() - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        unsaid.set(other, unsaid.set(i, unsaid.get(other)));
      }
    }
    return unsaid.remove(unsaid.size() - 1);
  }

  private int laugh(int at) {
    int end = at;
    int first = random.nextInt(participants.size());
    int count = random.nextInt(2, participants.size() + 1);
    for (int i = 0; i < count; i++) {
      Participant participant = participants.get((first + i) % participants.size());
      int from = at + samples(random.nextDouble(0.5));
      int size = samples(random.nextDouble(1, 3));
      participant
          .microphone()
          .laugh(from, size, participant.speechDbov() + 3 * random.nextGaussian());
      end = Math.max(end, from + size);
    }
    return end + samples(random.nextDouble(-0.3, 0.8));
  }

  private void listen() {
    for (Turn turn : turns) {
      double seconds = (turn.to() - turn.from()) / (double) SECOND;
      for (double at = pass(SECONDS_PER_ACKNOWLEDGEMENT);
          at < seconds;
          at += pass(SECONDS_PER_ACKNOWLEDGEMENT)) {
        Participant listener = listener(turn);
        List<Utterance> known = listener.talker().acknowledgements();
        Utterance said = known.get(random.nextInt(known.size()));
        sayIfSilent(listener, said, turn.from() + samples(at), said.samples().length, -4);
      }
      for (double at = pass(SECONDS_PER_FAILED_INTERRUPTION);
          at < seconds;
          at += pass(SECONDS_PER_FAILED_INTERRUPTION)) {
        Participant listener = listener(turn);
        Utterance said = sentence(listener);
        int size = Math.min(said.samples().length, samples(random.nextDouble(0.5, 1.6)));
        sayIfSilent(listener, said, turn.from() + samples(at), size, 1);
      }
    }
  }

  private Participant listener(Turn turn) {
    int step = random.nextInt(1, participants.size());
    return participants.get((turn.speaker() + step) % participants.size());
  }

  private void sayIfSilent(
      Participant listener, Utterance utterance, int at, int size, double loudnessDb) {
    int margin = samples(0.5);
    if (listener.microphone().isFree(at - margin, at + size + margin)) {
      listener.microphone().say(utterance, at, size, loudnessDb + random.nextGaussian() * 2);
    }
  }

  private void type() {
    for (Participant participant : participants) {
      for (double at = pass(SECONDS_PER_TYPING);
          at < length / (double) SECOND;
          at += pass(SECONDS_PER_TYPING)) {
        double end = at + random.nextDouble(2, 12);
        double perSecond = random.nextDouble(3, 8);
        double dbov = random.nextDouble(-47, -38);
        for (; at < end; at += random.nextDouble(0.4, 1.6) / perSecond) {
          int from = samples(at);
          int size = samples(random.nextDouble(0.005, 0.015));
          if (participant.microphone().isFree(from, from + size)) {
            participant.microphone().click(from, size, dbov + random.nextDouble(-3, 3));
          }
        }
      }
    }
  }

  /** Returns how many seconds pass until something happens that happens at random. */
  private double pass(double meanSeconds) {
    return -meanSeconds * Math.log(1 - random.nextDouble());
  }

  private static int samples(double seconds) {
    return (int) Math.round(seconds * SECOND);
  }
}
