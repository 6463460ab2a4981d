/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.nio.file.Path;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.Impairment;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.media.Clips;

/**
 * A conference that leaves a report: one speaks and shows layers, one speaks and has a bad network,
 * one comes late and leaves early, one is silent.
 */
final class ReportedConference {
  static final String SILENT = "silent";
  private static final int PACKETS = 60;

  private ReportedConference() {}

  /** What happens in a conference. */
  interface Course {
    void take(Conference conference) throws Exception;
  }

  /** Returns where the report is. */
  static Path hold(Bridge bridge, String room, Path folder) throws Exception {
    return hold(bridge, room, folder, conference -> takeCourse(conference, room));
  }

  /** Holds another conference; returns where the report is. */
  static Path hold(Bridge bridge, String room, Path folder, Course course) throws Exception {
    String before = System.setProperty(Conference.REPORTS, folder.toString());
    try (Conference conference = new Conference(bridge, room)) {
      course.take(conference);
    } finally {
      if (before == null) {
        System.clearProperty(Conference.REPORTS);
      } else {
        System.setProperty(Conference.REPORTS, before);
      }
    }
    return folder.resolve(room + ".html");
  }

  private static void takeCourse(Conference conference, String room) throws Exception {
    Endpoint unused =
        conference.join(
            Checks.listener(room, 1).speech(Clips.speech(1)).layers(Clips.layered(VideoCodec.VP9)));
    Endpoint unusedToo =
        conference.join(
            Checks.talker(room, 2).impairment(Impairment.none(), new Impairment(5, 0.05, 0.02, 0)));
    Attendee unusedSilent = conference.joinSilently(conference.messages(SILENT));
    Checks.start(conference);
    Checks.talk(conference, PACKETS);
    Endpoint late = conference.join(Checks.listener(room, 3));
    Checks.talk(conference, PACKETS);
    conference.leave(late);
    Checks.talk(conference, PACKETS);
    Checks.stop(conference);
  }
}
