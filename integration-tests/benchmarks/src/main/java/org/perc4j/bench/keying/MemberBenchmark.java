/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.bench.Samples;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.Roster;

/**
 * The processor time of one member, beside that of the bare signature checks that it cannot do
 * without: both in one process, by turns, as the time of the thread that does it. Prints Markdown.
 */
final class MemberBenchmark {
  private static final int WARM_UP = Integer.getInteger("perc4j.warmup", 10);
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 20);
  private static final int NEWCOMERS = 100;

  /** So many members had the GroupInfo by which strangers kept everybody busy once. */
  private static final int STRANGERS = 330;

  private static final int MOST_FOR_REMOVAL = 50;

  /** How often to do at a time what takes about one check. */
  private static final int LITTLE_TIMES = 50;

  private static final String JOIN = "join by a Welcome";
  private static final String JOIN_MANY = "join by a Welcome, with 99 others";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final PrintStream OUT = System.out;

  private MemberBenchmark() {}

  /** What is measured. */
  private interface Work {
    void run() throws RefusedException;
  }

  /**
   * Measures.
   *
   * @param sizes numbers of members
   */
  static void measure(List<Integer> sizes) throws Exception {
    for (int members : sizes) {
      OUT.println("\n" + members + " members, all added by the first one");
      measure(members, TestGroup.ofBatches(members, NEWCOMERS));
      OUT.println("\n" + members + " members, each of whom has committed");
      measure(members, TestGroup.ofOutsiders(members));
    }
    OUT.println("\n" + STRANGERS + " members, and strangers");
    strangers();
    OUT.println();
  }

  // ---------------------------------------------------------------- members

  private static void measure(int size, TestGroup group) throws Exception {
    Measurement all = new Measurement();
    TestGroup.Newcomer one = group.newcomers(1).get(0);
    List<TestGroup.Newcomer> many = group.newcomers(NEWCOMERS);
    MlsGroup committer = group.committer();
    MlsGroup.PendingCommit single = committer.commit(List.of(one.candidate()), List.of());
    MlsGroup.PendingCommit hundred = committer.commit(TestGroup.candidates(many), List.of());
    byte[] welcome = TestGroup.welcome(single);
    byte[] welcomeOfHundred = TestGroup.welcome(hundred);
    int checks = 2 * (size + 1);
    int checksOfHundred = 2 * (size + NEWCOMERS);

    all.add(JOIN, checks, "1.5", () -> use(group.join(one, welcome)));
    all.add(
        JOIN_MANY, checksOfHundred, "1.5", () -> use(group.join(many.get(0), welcomeOfHundred)));
    byte[] groupInfo = single.next().groupInfo();
    MlsGroup.Announcement outsider = group.newcomers(1).get(0).announcement();
    all.add(
        "join from outside",
        checks,
        "",
        () -> use(MlsGroup.joinFromOutside(outsider, groupInfo, TestGroup.MEMBERS).next()));
    EndpointIdentity looker = EndpointIdentity.generate("looker@example.org", new SecureRandom());
    all.add(
        "decide whether to join by a GroupInfo",
        checks,
        "",
        () -> {
          Roster unused = MlsGroup.rosterFromOutside(looker, groupInfo, TestGroup.MEMBERS);
        });

    byte[] addition = hundred.commit();
    all.add(
        "follow an addition of " + NEWCOMERS,
        3 * NEWCOMERS,
        "1.5",
        () -> use(group.follower().process(addition, member -> false)));
    int leaver = group.leaver();
    byte[] removal = committer.commit(List.of(), List.of(leaver)).commit();
    all.add(
        "follow a removal",
        MOST_FOR_REMOVAL,
        "1",
        () -> use(group.follower().process(removal, member -> member.leaf() == leaver)));

    all.add(
        "make a removal",
        checks,
        "",
        () -> use(committer.commit(List.of(), List.of(leaver)).next()));
    all.add(
        "make an addition of " + NEWCOMERS,
        checksOfHundred,
        "",
        () -> {
          List<MlsGroup.Candidate> candidates = new ArrayList<>();
          for (TestGroup.Newcomer newcomer : many) {
            byte[] octets = newcomer.announcement().octets();
            candidates.add(MlsGroup.readAnnouncement(octets, TestGroup.MEMBERS));
          }
          use(committer.commit(candidates, List.of()).next());
        });
    all.run();
    all.print();
    OUT.printf(
        Locale.ROOT,
        "%nOf what it takes to join the group that comes of it: a removal %.2f, an addition %.2f%n",
        all.whole("make a removal") / all.whole(JOIN),
        all.whole("make an addition of " + NEWCOMERS) / all.whole(JOIN_MANY));
  }

  /** What every new epoch is asked for. */
  private static void use(@Nullable MlsGroup next) {
    if (next == null || next.mark().octets().length == 0) {
      throw new IllegalStateException("no epoch");
    }
  }

  // ---------------------------------------------------------------- strangers

  /** All that strangers can have a member do, and how often in a second (docs/protocol.md 15). */
  private static void strangers() throws Exception {
    MlsGroup member = TestGroup.ofBatches(STRANGERS, NEWCOMERS).follower();
    MlsGroup stranger = TestGroup.ofStrangers(STRANGERS, NEWCOMERS).committer();
    byte[] nonce = new byte[GroupAnswer.NONCE_BYTES];
    byte[] theirs = stranger.groupInfo();
    byte[] answer = stranger.answer(theirs, "us", nonce);
    String answerer = stranger.self().occupant();
    byte[] commit = TestGroup.strangersCommit(member);
    byte[] keyPackage = TestGroup.strangersKeyPackage();
    byte[] ours = member.groupInfo();

    Measurement all = new Measurement();
    Map<String, Double> rates = new LinkedHashMap<>();
    rates.put("refuse an answer", 4.0);
    rates.put("refuse a commit from outside", 1000 / 30.0);
    rates.put("refuse a key package", 1024 * 10 / 30.0);
    rates.put("answer a question", 1.0);
    all.addLittle(
        "refuse an answer",
        () ->
            refused(
                () -> {
                  GroupAnswer unused =
                      GroupAnswer.read(answer, nonce, "us", answerer, TestGroup.MEMBERS);
                }));
    all.addLittle(
        "refuse a commit from outside",
        () -> refused(() -> use(member.process(commit, other -> false))));
    all.addLittle(
        "refuse a key package",
        () ->
            refused(
                () -> {
                  MlsGroup.Candidate unused =
                      MlsGroup.readAnnouncement(keyPackage, TestGroup.MEMBERS);
                }));
    all.addLittle(
        "answer a question",
        () -> {
          if (member.answer(ours, "them", nonce).length < ours.length) {
            throw new IllegalStateException("no answer");
          }
        });
    EndpointIdentity us = EndpointIdentity.generate("us@example.org", new SecureRandom());
    all.addLittle(
        "refuse to join by a stranger's GroupInfo",
        () ->
            refused(
                () -> {
                  Roster unused = MlsGroup.rosterFromOutside(us, theirs, TestGroup.MEMBERS);
                }));
    all.run();
    all.print();
    double share = 0;
    for (Map.Entry<String, Double> rate : rates.entrySet()) {
      double each = all.whole(rate.getKey()) * rate.getValue() / 1e3;
      share += each;
      OUT.printf(
          Locale.ROOT,
          "%n%s: at most %.0f in a second, %.2f %% of a core",
          rate.getKey(),
          rate.getValue(),
          100 * each);
    }
    OUT.printf(Locale.ROOT, "%n%nAll strangers together: %.2f %% of a core%n", 100 * share);
  }

  private static void refused(Work work) {
    try {
      work.run();
    } catch (RefusedException e) {
      return;
    }
    throw new IllegalStateException("was not refused");
  }

  // ---------------------------------------------------------------- measuring

  /** Several kinds of work, each beside its checks. */
  private static final class Measurement {
    private record Row(BareChecks checks, int times, String most, Work work) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Samples samples = new Samples();

    /**
     * Adds what is to be measured.
     *
     * @param most by how much it may exceed its checks, if there is a target
     */
    void add(String what, int checks, String most, Work work) {
      rows.put(what, new Row(new BareChecks(checks), 1, most, work));
    }

    /** Adds what takes little more than one check, which is what it is compared with. */
    void addLittle(String what, Work work) {
      rows.put(what, new Row(new BareChecks(1), LITTLE_TIMES, "", work));
    }

    void run() throws RefusedException {
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        for (Map.Entry<String, Row> row : rows.entrySet()) {
          int times = row.getValue().times;
          double bare = millis(times, row.getValue().checks::verifyAll);
          double whole = millis(times, row.getValue().work);
          if (round >= 0) {
            samples.add("bare " + row.getKey(), bare);
            samples.add("whole " + row.getKey(), whole);
            samples.add("ratio " + row.getKey(), whole / bare);
          }
        }
      }
    }

    private static double millis(int times, Work work) throws RefusedException {
      long before = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < times; i++) {
        work.run();
      }
      return (THREADS.getCurrentThreadCpuTime() - before) / 1e6 / times;
    }

    /** Returns how long it took, in milliseconds; the median of all rounds. */
    double whole(String what) {
      return samples.median("whole " + what);
    }

    void print() {
      OUT.println(
          "\n| | time | checks beside it | their time | ratio | target | in checks |\n"
              + "|---|---|---|---|---|---|---|");
      rows.forEach(
          (what, row) -> {
            int checks = row.checks.count();
            double ratio = samples.median("ratio " + what);
            OUT.printf(
                Locale.ROOT,
                "| %s | %.3f ms | %d | %.3f ms | %.2f | %s | %.1f |%n",
                what,
                whole(what),
                checks,
                samples.median("bare " + what),
                ratio,
                row.most,
                ratio * checks);
          });
    }
  }
}
