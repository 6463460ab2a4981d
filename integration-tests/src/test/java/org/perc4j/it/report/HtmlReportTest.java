/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.report.Proceedings.Epoch;
import org.perc4j.it.report.Proceedings.Reading;

class HtmlReportTest {
  private static final int MOST_OCTETS = 2_000_000;
  private static final Pattern ADDRESS = Pattern.compile("(?:src|href|action)=\"([^\"]*)\"");
  private static final List<String> PEOPLE = List.of("Alice", "Bob", "Carol");

  private static Proceedings with(
      Proceedings base, List<Epoch> epochs, List<Reading> readings, int keys) {
    return new Proceedings(
        base.room(),
        base.bridge(),
        base.began(),
        base.seconds(),
        base.presences(),
        epochs,
        base.speeches(),
        base.forwardings(),
        base.passages(),
        readings,
        keys,
        base.forwarded(),
        base.omissions());
  }

  @Test
  void hasALaneForEachParticipant() {
    String html = HtmlReport.of(MadeUp.of("room", 20, PEOPLE));
    assertEquals(PEOPLE, Lanes.of(html, "who"));
    assertEquals(PEOPLE, Lanes.of(html, "speech"));
    assertEquals(PEOPLE, Lanes.of(html, "layers"));
    assertTrue(html.contains("epoch 2"), html);
    assertTrue(html.contains("With all its 12 keys it could read 0 of the 384 packets"), html);
    assertTrue(html.contains("class=\"verdict good\""), html);
    assertFalse(html.contains("class=\"verdict bad\""), html);
  }

  @Test
  void everyPictureSaysWhatItShows() {
    String html = HtmlReport.of(MadeUp.of("room", 20, PEOPLE));
    Matcher pictures = Pattern.compile("<svg [^>]*>").matcher(html);
    int count = 0;
    while (pictures.find()) {
      count++;
      assertTrue(
          pictures.group().matches(".*role=\"img\" aria-label=\"[^\"]{10,}\".*"), pictures.group());
    }
    assertTrue(count > 20, count + " pictures");
  }

  @Test
  void namesAreTextWhateverTheyContain() {
    String hostile = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">&\u202E\u0007";
    Proceedings base = MadeUp.of(hostile, 5, List.of(hostile, "\"><svg onload=alert(2)>"));
    String html = HtmlReport.of(base);
    assertFalse(html.contains("<script"), html);
    assertFalse(html.contains("<img src=x"), html);
    assertFalse(html.contains("<svg onload"), html);
    assertFalse(html.contains("\u202E"), html);
    assertFalse(html.contains("\u0007"), html);
    assertTrue(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), html);
    assertTrue(html.contains("data-participant=\"&quot;&gt;&lt;svg onload=alert(2)&gt;\""), html);
  }

  @Test
  void refersToNothingElsewhere() {
    String html = HtmlReport.of(MadeUp.of("room", 20, PEOPLE));
    Matcher addresses = ADDRESS.matcher(html);
    int count = 0;
    while (addresses.find()) {
      count++;
      assertTrue(addresses.group(1).startsWith("data:image/"), addresses.group());
    }
    assertTrue(count > 0, "no pictures");
    assertFalse(html.contains("http:") || html.contains("https:"), "an address");
    assertFalse(html.contains("url(") || html.contains("@import"), "an address in a style");
    assertFalse(html.contains("<script") || html.contains("javascript:"), "a script");
    assertTrue(html.contains("default-src &#39;none&#39;"), "no policy");
  }

  @Test
  void saysSoIfTheBridgeCouldRead() {
    Proceedings base = MadeUp.of("room", 5, PEOPLE);
    List<Reading> readings =
        List.of(MadeUp.reading(new SplittableRandom(1), "Alice", MediaKind.AUDIO, 7));
    String html = HtmlReport.of(with(base, base.epochs(), readings, 12));
    assertTrue(html.contains("It could read 7 of the 64"), html);
    assertTrue(html.contains("class=\"verdict bad\""), html);
    assertFalse(html.contains("class=\"verdict good\""), html);
    assertTrue(html.contains("class=\"read bad\""), html);
    assertEquals(1, html.split("The bridge could listen to all of it", -1).length - 1);
  }

  @Test
  void claimsNothingIfNoKeyWasTried() {
    Proceedings base = MadeUp.of("room", 5, PEOPLE);
    for (String html :
        List.of(
            HtmlReport.of(with(base, base.epochs(), List.of(), 12)),
            HtmlReport.of(with(base, base.epochs(), base.readings(), 0)))) {
      assertTrue(html.contains("class=\"verdict open\""), html);
      assertFalse(html.contains("class=\"verdict good\""), html);
    }
  }

  @Test
  void showsThatCodesDiffer() {
    Proceedings base = MadeUp.of("room", 5, PEOPLE);
    Epoch split =
        new Epoch(
            1,
            "epoch 7",
            PEOPLE,
            List.of(
                MadeUp.code("11111", PEOPLE.subList(0, 1)),
                MadeUp.code("22222", PEOPLE.subList(1, 3))));
    String html = HtmlReport.of(with(base, List.of(split), base.readings(), 12));
    assertTrue(html.contains("Members had different codes in epoch 7"), html);
    assertTrue(html.contains("class=\"verdict bad\""), html);
    assertTrue(html.contains("<li class=\"differing\">"), html);
    assertTrue(html.contains("11111") && html.contains("22222"), html);
    assertTrue(html.contains("at Bob, Carol"), html);
  }

  @Test
  void toldOfNothingItShowsNothing() {
    String html = HtmlReport.of(MadeUp.empty());
    assertTrue(html.contains("Nobody was there."), html);
    assertTrue(html.contains("class=\"verdict open\""), html);
    assertFalse(html.contains("NaN") || html.contains("Infinity"), html);
  }

  @Test
  void aPlainConferenceHasNoGroup() {
    Proceedings base = MadeUp.of("room", 5, PEOPLE);
    String html = HtmlReport.of(with(base, List.of(), base.readings(), 12));
    assertTrue(html.contains("There was no group"), html);
    assertEquals(PEOPLE, Lanes.of(html, "who"));
  }

  @Test
  void aLargeConferenceFitsInASmallFile() {
    List<String> people = IntStream.range(0, 15).mapToObj(i -> "e" + (1_000_000 + i)).toList();
    String html = HtmlReport.of(MadeUp.of("room", 300, people));
    int length = html.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(length < MOST_OCTETS, length + " octets");
  }
}
