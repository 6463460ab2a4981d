/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.demo.MeetingByUrl;
import org.perc4j.it.xmpp.RequiresWebFront;

/** The demo's second part. */
@RequiresJitsi
@RequiresWebFront
@RequiresGStreamer
class MeetingByUrlTest {
  @Test
  void clientsAndAnApplicationMeet(@TempDir Path folder) throws Exception {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
    boolean flawless = MeetingByUrl.hold(out, folder.resolve("meeting"));
    String text = told.toString(StandardCharsets.UTF_8);
    assertTrue(flawless, text);
    assertTrue(text.contains("gina  private: yes; members: "), text);
    assertTrue(text.contains("The code of all three: "), text);
    assertTrue(text.contains("gina  decoded of hal: "), text);
    assertTrue(text.contains("VP8 of gina"), text);
    assertTrue(text.contains("OPUS of hal"), text);
  }
}
