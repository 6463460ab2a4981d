/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.perc4j.client.media.Decoders;
import org.perc4j.client.media.Tally;
import org.perc4j.e2e.mls.VerificationCode;

/** What a person can ask for at any time, in lines. */
public final class Status {
  private Status() {}

  /** Returns who is there, how private it is, the code, and what was decoded of whom. */
  public static List<String> lines(Attendance attendance, Tally tally) {
    Meeting meeting = attendance.meeting();
    List<String> lines = new ArrayList<>();
    lines.add(meeting.privacyLine());
    lines.add("connection: " + (meeting.isConnected() ? "there is a bridge" : "none"));
    lines.add(attendance.ownLine());
    for (Meeting.Attendee attendee : meeting.attendees()) {
      lines.add(line(attendee));
    }
    VerificationCode code = meeting.code();
    if (code != null) {
      lines.add("code: " + code.digits());
      lines.add("code in pictures: " + String.join(", ", code.words()));
    }
    lines.addAll(decoded(attendance.meeting(), tally));
    return lines;
  }

  private static String line(Meeting.Attendee attendee) {
    StringBuilder line = new StringBuilder("  ").append(attendee.name());
    if (attendee.self()) {
      line.append(", you");
    } else if (attendee.standing() != null) {
      line.append(", ").append(Meeting.words(attendee.standing()));
    } else {
      line.append(", outside of the group");
    }
    if (attendee.soundMuted() && !attendee.self()) {
      line.append(", mute");
    }
    if (attendee.undecodable() != null) {
      line.append(", sends ")
          .append(Decoders.word(attendee.undecodable()))
          .append(", which this machine cannot decode");
    }
    if (attendee.speaks()) {
      line.append(", speaks");
    }
    return line.toString();
  }

  /** Returns what was decoded of whom. */
  public static List<String> decoded(Meeting meeting, Tally tally) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Tally.Count> each : tally.all().entrySet()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "decoded of %s: %d pictures, %.1f s of sound",
              meeting.name(each.getKey()),
              each.getValue().pictures(),
              each.getValue().soundSeconds()));
    }
    return lines;
  }
}
