/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a report has for each participant. */
public final class Lanes {
  private static final Pattern PARTICIPANT = Pattern.compile("data-participant=\"([^\"]*)\"");

  private Lanes() {}

  /** Returns whom a section shows, in order. */
  public static List<String> of(String html, String section) {
    int start = html.indexOf("<section id=\"" + section + "\"");
    Matcher matcher = PARTICIPANT.matcher(html.substring(start, html.indexOf("</section>", start)));
    List<String> lanes = new ArrayList<>();
    while (matcher.find()) {
      lanes.add(matcher.group(1));
    }
    return lanes;
  }
}
