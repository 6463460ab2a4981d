/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Alone;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.harness.RequiresLinks;
import org.perc4j.it.harness.ThrownRecording;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.links.LimitedCall;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * Ten people, one of whom has a thin link for a while: the bridge finds that out by what the
 * endpoints tell of what arrives, and nobody else is harmed. The same with plain streams on a
 * bridge as it was installed: what the one with the plugin throws, that one throws as well.
 */
@RequiresJvb(instance = "thin-link", configuration = JvbProcess.TRUSTS_ESTIMATES)
@RequiresLinks
@Alone
class ThinLinkTest {
  private static final int PEOPLE = 10;
  private static final int SHOWING = 2;
  private static final int SPEAKING = 3;
  private static final long WIDE_BPS = 5_000_000;
  private static final long THIN_BPS = 500_000;
  private static final int BEST = 720;
  private static final int PACKETS = 150;

  /**
   * Whose code carries media. What else a bridge runs, such as its web server, throws or does not
   * throw as time goes by, whatever the media.
   */
  private static final Set<String> OF_MEDIA = Set.of("org.jitsi", "org.ice4j", "org.perc4j");

  /**
   * What throws and catches by itself, on the first line that is logged, call that is linked, or
   * time that is longer than nanoseconds can say.
   */
  private static final Set<String> OF_THE_JDK =
      Set.of(
          "java.util.logging",
          "java.lang.invoke.MethodHandleNatives",
          "java.time.Duration.between");

  /** What Kotlin's {@code check} says. */
  private static final String CHECK_FAILED = "Check failed.";

  private final LayeredClip[] clips;

  ThinLinkTest() throws IOException {
    clips = Clips.simulcast().toArray(LayeredClip[]::new);
  }

  @Test
  void harmsNobodyElse(JvbProcess withPlugin) throws Exception {
    List<ThrownRecording.Thrown> usual;
    try (JvbProcess stock =
        JvbProcess.start(
            Checks.folder("thin-link").resolve("stock"), null, JvbProcess.TRUSTS_ESTIMATES)) {
      usual = run(stock, "thin-link-plain", SrtpProfile.AEAD_AES_128_GCM);
    }
    List<ThrownRecording.Thrown> thrown =
        run(withPlugin, "thin-link-double", SrtpProfile.DOUBLE_AEAD_AES_128_GCM);
    Checks.assertHealthy(withPlugin);
    Map<String, Long> unusual = counts(thrown);
    unusual.keySet().removeAll(counts(usual).keySet());
    assertEquals(Map.of(), unusual);
    assertEquals(
        List.of(), thrown.stream().filter(one -> CHECK_FAILED.equals(one.message())).toList());
  }

  private static Map<String, Long> counts(List<ThrownRecording.Thrown> thrown) {
    return thrown.stream()
        .filter(one -> one.passedThrough(OF_MEDIA) && !one.passedThrough(OF_THE_JDK))
        .collect(
            Collectors.groupingBy(
                ThrownRecording.Thrown::kind, TreeMap::new, Collectors.counting()));
  }

  /** Returns what the bridge threw from when all were there until they were about to go. */
  private List<ThrownRecording.Thrown> run(JvbProcess jvb, String scenario, SrtpProfile profile)
      throws IOException, InterruptedException {
    LinkConditions wide = LinkConditions.ofRate(WIDE_BPS);
    try (LimitedLink link = LimitedLink.open(wide, wide, 1);
        Conference conference = new Conference(jvb, scenario)) {
      for (int number = 1; number <= PEOPLE; number++) {
        EndpointOptions options = person(scenario, number).profiles(profile);
        if (number == PEOPLE) {
          options.network(link.network());
        }
        Endpoint endpoint = conference.join(options);
        conference.room().setConstraints(endpoint.id(), LimitedCall.EVERYTHING);
      }
      conference.startSending();
      List<Endpoint> people = conference.endpoints();
      Endpoint limited = people.get(PEOPLE - 1);
      await("the best of everything", () -> people.stream().allMatch(one -> seesBest(people, one)));
      ThrownRecording recording =
          ThrownRecording.start(jvb.pid(), Checks.folder(scenario).resolve("thrown.jfr"));
      conference.mark();
      link.down().set(wide.withRate(THIN_BPS));
      await("less behind the thin link", () -> seesLess(people, limited));
      List<Endpoint> others = people.subList(0, PEOPLE - 1);
      await("all of the others' speech", flow(others, PACKETS));
      await(
          "the best for all others", () -> others.stream().allMatch(one -> seesBest(people, one)));
      link.down().set(wide);
      await("the best behind the link", () -> seesBest(people, limited));
      List<ThrownRecording.Thrown> thrown = recording.stop();
      System.out.printf("%s: thrown: %s%n%s%n", scenario, counts(thrown), limited.congestion());
      Checks.stop(conference);
      assertUnharmed(conference, others);
      return thrown;
    }
  }

  private EndpointOptions person(String scenario, int number) throws IOException {
    EndpointOptions options =
        new EndpointOptions(
                "e00000" + HexFormat.of().toHexDigits((byte) number), Checks.folder(scenario))
            .seed(number);
    if (number <= SPEAKING) {
      options.speech(Clips.speech(number));
    }
    if (number <= SHOWING) {
      options.layers(clips).markings(PayloadMarkings.frameMarkings(List.of(clips)));
    }
    return options;
  }

  private static void await(String what, BooleanSupplier condition)
      throws IOException, InterruptedException {
    Await.until(what, Checks.PATIENCE, condition);
  }

  private static BooleanSupplier flow(List<Endpoint> people, int packets) {
    List<BooleanSupplier> flows = new ArrayList<>();
    for (Endpoint sender : people) {
      for (Endpoint receiver : people) {
        int enough = receiver.receivedPackets(sender.id(), MediaKind.AUDIO) + packets;
        flows.add(
            () ->
                sender == receiver
                    || sender.sent(MediaKind.AUDIO) == null
                    || receiver.receivedPackets(sender.id(), MediaKind.AUDIO) > enough);
      }
    }
    return () -> flows.stream().allMatch(BooleanSupplier::getAsBoolean);
  }

  private boolean seesBest(List<Endpoint> people, Endpoint viewer) {
    return people.subList(0, SHOWING).stream()
        .filter(sender -> sender != viewer)
        .allMatch(sender -> Checks.latestHeight(sender, viewer, clips) == BEST);
  }

  private boolean seesLess(List<Endpoint> people, Endpoint viewer) {
    return people.subList(0, SHOWING).stream()
        .allMatch(sender -> Checks.latestHeight(sender, viewer, clips) < BEST);
  }

  private static void assertUnharmed(Conference conference, List<Endpoint> people) {
    for (Endpoint sender : people) {
      for (Endpoint receiver : people) {
        if (sender != receiver && sender.sent(MediaKind.AUDIO) != null) {
          Delivery speech = conference.delivery(sender, MediaKind.AUDIO, receiver);
          assertEquals(0, speech.missing() + speech.foreign(), speech + "\n" + receiver);
        }
      }
      assertEquals(0, sender.unknownSsrcs(), sender.toString());
    }
  }
}
