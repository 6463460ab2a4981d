/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.VerificationCode;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.keying.Gathering;
import org.perc4j.it.report.Proceedings.Code;
import org.perc4j.it.report.Proceedings.Epoch;

/**
 * The epochs of a group with their codes. A code can be had while its epoch lasts, and never again.
 * Used by one thread at a time.
 */
final class GroupHistory {
  /** One epoch of one group. */
  private static final class Entry {
    final GroupMoment moment;
    final Roster roster;
    final Map<String, VerificationCode> codes = new TreeMap<>();
    long sinceNanos;

    Entry(Attendee.Epoch epoch) {
      moment = epoch.moment();
      roster = epoch.roster();
      sinceNanos = epoch.sinceNanos();
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /** Notes what the members know by now, and the codes that they see. */
  void look(Gathering gathering) {
    for (Attendee attendee : gathering.attendees()) {
      attendee.epochs().forEach(this::note);
    }
    for (Attendee attendee : gathering.attendees()) {
      Attendee.Epoch before = attendee.epoch();
      if (before != null) {
        lookAtCode(attendee, before);
      }
    }
  }

  private void note(Attendee.Epoch epoch) {
    Entry entry = entry(epoch);
    entry.sinceNanos = Math.min(entry.sinceNanos, epoch.sinceNanos());
  }

  private Entry entry(Attendee.Epoch epoch) {
    for (Entry entry : entries) {
      if (entry.moment.isSame(epoch.moment())) {
        return entry;
      }
    }
    Entry entry = new Entry(epoch);
    entries.add(entry);
    return entry;
  }

  private void lookAtCode(Attendee attendee, Attendee.Epoch before) {
    Entry entry = entry(before);
    if (!entry.codes.containsKey(attendee.occupant())) {
      VerificationCode code = attendee.session().epochCode();
      Attendee.Epoch after = attendee.epoch();
      if (after != null && after.moment().isSame(before.moment())) {
        entry.codes.put(attendee.occupant(), code);
      }
    }
  }

  /**
   * Returns the epochs in the order in which they came.
   *
   * @param seconds makes times of a report of those of {@link System#nanoTime}
   */
  List<Epoch> epochs(LongToDoubleFunction seconds) {
    boolean oneGroup =
        entries.stream().allMatch(entry -> entry.moment.sameGroup(entries.get(0).moment));
    return entries.stream()
        .sorted(Comparator.comparingLong(entry -> entry.sinceNanos))
        .map(
            entry ->
                new Epoch(
                    seconds.applyAsDouble(entry.sinceNanos),
                    oneGroup
                        ? "epoch " + Long.toUnsignedString(entry.moment.epoch())
                        : entry.moment.toString(),
                    entry.roster.members().stream().map(Member::occupant).toList(),
                    codes(entry)))
        .toList();
  }

  private static List<Code> codes(Entry entry) {
    Map<String, List<String>> holders = new LinkedHashMap<>();
    Map<String, VerificationCode> codes = new LinkedHashMap<>();
    entry.codes.forEach(
        (occupant, code) -> {
          boolean unused =
              holders.computeIfAbsent(code.digits(), digits -> new ArrayList<>()).add(occupant);
          VerificationCode unusedToo = codes.putIfAbsent(code.digits(), code);
        });
    return codes.values().stream()
        .map(
            code ->
                new Code(
                    code.emoji(),
                    code.words(),
                    code.digits(),
                    List.copyOf(holders.getOrDefault(code.digits(), List.of()))))
        .toList();
  }
}
