/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/**
 * What {@code videobridge.perc} in the bridge's configuration does, each on a bridge of its own.
 */
@RequiresJvb
class PolicyTest {
  private static final int PACKETS = 30;
  private static final String NO_PROFILE = "No common SRTP protection profile found";
  private static final Duration REFUSAL = Duration.ofSeconds(2);

  @Test
  void doubleOnlyRefusesPlainEndpoints() throws Exception {
    try (JvbProcess jvb = start("double-only", "videobridge.perc.mixed-policy = double-only");
        ScriptedRoom room = new ScriptedRoom(jvb, "double-only")) {
      assertRefused(jvb, room, Script.number(1).plain());
      assertNotLetIn(room, Script.number(2).plain().setup(DtlsSetup.PASSIVE));
      ScriptedEndpoint one = room.join(Script.number(3));
      ScriptedEndpoint two = room.join(Script.number(4).setup(DtlsSetup.PASSIVE));
      assertEquals(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, one.profile());
      assertConversation(one, two);
      Checks.assertHealthy(jvb);
    }
  }

  @Test
  void disabledRunsAsInstalled() throws Exception {
    try (JvbProcess jvb = start("disabled", "videobridge.perc.enabled = false")) {
      assertEquals(1, jvb.logLines("videobridge.perc.enabled is false").size());
      assertRunsAsInstalled(jvb, "disabled");
    }
  }

  @Test
  void wrongSettingRunsAsInstalledAndIsNamed() throws Exception {
    try (JvbProcess jvb = start("wrong", "videobridge.perc.mixed-policy = translate")) {
      List<String> lines =
          jvb.logLines("perc4j is not installed").stream()
              .filter(line -> line.contains("SEVERE")) // where in the line, the host configures
              .toList();
      assertEquals(1, lines.size(), lines.toString());
      assertTrue(lines.get(0).contains("is not installed"), lines.toString());
      assertTrue(lines.get(0).contains("videobridge.perc.mixed-policy"), lines.toString());
      assertTrue(lines.get(0).contains("translate"), lines.toString());
      assertRunsAsInstalled(jvb, "wrong");
    }
  }

  @Test
  void chosenProfilesAreTheOnlyDoubleOnes() throws Exception {
    try (JvbProcess jvb =
            start(
                "profiles",
                "videobridge.perc.profiles = [ DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM ]");
        ScriptedRoom room = new ScriptedRoom(jvb, "profiles")) {
      Script offersBoth =
          Script.number(1)
              .profiles(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.DOUBLE_AEAD_AES_256_GCM);
      ScriptedEndpoint one = room.join(offersBoth);
      ScriptedEndpoint two =
          room.join(Script.number(2).profiles(SrtpProfile.DOUBLE_AEAD_AES_256_GCM));
      assertEquals(SrtpProfile.DOUBLE_AEAD_AES_256_GCM, one.profile());
      assertRefused(jvb, room, Script.number(3).profiles(SrtpProfile.DOUBLE_AEAD_AES_128_GCM));
      assertConversation(one, two);
      assertEquals(
          "[\"DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM\"]",
          DebugPages.bridge(jvb).path("perc").path("profiles").toString());
      Checks.assertHealthy(jvb);
    }
  }

  private static JvbProcess start(String name, String configuration) throws Exception {
    return JvbProcess.start(
        JvbExtension.output().resolve("policy-" + name), JvbExtension.pluginJar(), configuration);
  }

  /** Without a trace of the plugin. */
  static void assertRunsAsInstalled(JvbProcess jvb, String name) throws Exception {
    assertTrue(DebugPages.bridge(jvb).path("perc").isMissingNode(), "perc in the debug page");
    assertTrue(!jvb.get("/metrics", "text/plain").contains("perc_"), "perc in the metrics");
    try (ScriptedRoom room = new ScriptedRoom(jvb, name)) {
      assertRefused(
          jvb,
          room,
          Script.number(1)
              .profiles(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.DOUBLE_AEAD_AES_256_GCM));
      ScriptedEndpoint undecided =
          room.join(
              Script.number(2)
                  .profiles(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.AEAD_AES_128_GCM));
      ScriptedEndpoint plain = room.join(Script.number(3).plain().setup(DtlsSetup.PASSIVE));
      assertEquals(SrtpProfile.AEAD_AES_128_GCM, undecided.profile());
      assertConversation(undecided, plain);
    }
  }

  /** By the bridge as DTLS server; it says why in its log, and nothing to the endpoint. */
  private static void assertRefused(JvbProcess jvb, ScriptedRoom room, Script script)
      throws IOException, InterruptedException {
    int before = jvb.logLines(NO_PROFILE).size();
    assertNotLetIn(room, script);
    jvb.awaitLogLines(NO_PROFILE, before + 1);
  }

  private static void assertNotLetIn(ScriptedRoom room, Script script) {
    assertThrows(
        IOException.class,
        () -> {
          ScriptedEndpoint unused = room.join(script.timeout(REFUSAL));
        },
        "the bridge let it in");
  }

  private static void assertConversation(ScriptedEndpoint one, ScriptedEndpoint two)
      throws Exception {
    Account.await(one.speak(PACKETS, Account::voice), two.speak(PACKETS, Account::voice));
    Account.awaitLast(two, one, MediaKind.AUDIO);
    Account.awaitLast(one, two, MediaKind.AUDIO);
    assertEquals(PACKETS, Account.assertComplete(two, one, MediaKind.AUDIO).size());
    assertEquals(PACKETS, Account.assertComplete(one, two, MediaKind.AUDIO).size());
    Account.assertNothingRefused(one, two);
  }
}
