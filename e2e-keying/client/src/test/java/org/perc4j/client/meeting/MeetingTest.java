/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.Occupant;
import org.perc4j.endpoint.media.VideoCodec;

class MeetingTest {
  private final List<String> lines = new ArrayList<>();
  private final Meeting meeting = new Meeting(member -> Standing.KNOWN, lines::add);

  private void shown(String nickname, @Nullable String name, boolean audioMuted) {
    meeting.apply(new CallEvent.OccupantShown(new Occupant(nickname, name, audioMuted, false)));
  }

  private void group(SessionEvent event) {
    meeting.apply(new CallEvent.Group(event));
  }

  @Test
  void isNotPrivateBeforeThereIsAGroup() {
    assertEquals(Privacy.NO_GROUP, meeting.privacy());
    assertEquals("private: not yet: nothing is sent", meeting.privacyLine());
  }

  @Test
  void showsWhatIsNotProvenInQuotationMarks() {
    shown("1a2b", "Carl", false);
    assertEquals("\"Carl\" (1a2b, not proven)", meeting.name("1a2b"));
    assertEquals("somebody (ffff, not proven)", meeting.name("ffff"));
  }

  @Test
  void letsNobodyEndTheQuotationMarks() {
    shown("1a2b", "Carl\", verified", false);
    assertEquals("\"Carl', verified\" (1a2b, not proven)", meeting.name("1a2b"));
  }

  @Test
  void printsNothingThatDoesSomethingToATerminal() {
    shown("1a2b", "\u001b]0;title\u0007", false);
    meeting.apply(new CallEvent.Speaker("1a2b", null));
    group(new SessionEvent.OutsiderArrived("3\u001bc4d"));
    meeting.apply(new CallEvent.Disconnected("one\n\u001b[2Jtwo"));
    group(new SessionEvent.Ended(SessionEvent.Ended.Reason.REMOVED, "by \u001b[31mred"));
    assertEquals(4, lines.size());
    for (String line : lines) {
      assertFalse(line.chars().anyMatch(Character::isISOControl), line);
    }
  }

  @Test
  void saysOnceWhoSpeaks() {
    shown("1a2b", "Carl", false);
    meeting.apply(new CallEvent.Speaker("1a2b", null));
    meeting.apply(new CallEvent.Speaker("1a2b", null));
    assertEquals(List.of("speaks: \"Carl\" (1a2b, not proven)"), lines);
  }

  @Test
  void saysOnceWhosePicturesCannotBeDecoded() {
    shown("1a2b", "Carl", false);
    meeting.setUndecodable("1a2b", VideoCodec.H264);
    meeting.setUndecodable("1a2b", VideoCodec.H264);
    assertEquals(VideoCodec.H264, meeting.attendees().get(0).undecodable());
    meeting.setUndecodable("1a2b", null);
    assertNull(meeting.attendees().get(0).undecodable());
    assertEquals(
        List.of(
            "\"Carl\" (1a2b, not proven) sends H.264, which this machine cannot decode: install"
                + " gstreamer1.0-plugins-bad"),
        lines);
  }

  @Test
  void saysThatTheDeploymentDoesNotTakeTheCodec() {
    meeting.apply(new CallEvent.CodecRefused(VideoCodec.VP8));
    assertEquals(List.of("nobody sees you: this deployment does not take VP8"), lines);
  }

  @Test
  void saysWhenSomebodyIsMute() {
    shown("1a2b", "Carl", false);
    shown("1a2b", "Carl", true);
    shown("1a2b", "Carl", true);
    assertEquals(List.of("\"Carl\" (1a2b, not proven) is mute"), lines);
  }

  @Test
  void saysForWhomNothingIsSent() {
    group(new SessionEvent.SendingWaits(Set.of("1a2b")));
    group(new SessionEvent.SendingWaits(Set.of()));
    assertEquals(
        List.of(
            "nothing is sent while these are not in the group: somebody (1a2b, not proven)",
            "sending goes on"),
        lines);
  }

  @Test
  void listsWhoIsOutside() {
    shown("1a2b", "Carl", true);
    Meeting.Attendee carl = meeting.attendees().get(0);
    assertEquals("1a2b", carl.nickname());
    assertFalse(carl.self());
    meeting.apply(new CallEvent.OccupantGone("1a2b"));
    assertEquals(List.of(), meeting.attendees());
  }
}
