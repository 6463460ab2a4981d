/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.perc4j.it.report.Proceedings.Forwarding;
import org.perc4j.it.report.Proceedings.Layer;

/** How much of whose video came to whom, by layers. */
final class LayerSection {
  private static final int HEIGHT = 100;
  private static final double LEAST_SECONDS = 0.25;
  private static final int MOST_BUCKETS = 160;
  private static final int MOST_BUCKETS_OF_ALL = 12_000;
  private static final int COLOURS = 3;
  private static final int SHADES = 3;

  private final Markup out;
  private final TimeAxis axis;
  private final int buckets;

  /** The most that came of each sender in any part of the time, so that one scale serves all. */
  private final Map<String, Double> most = new HashMap<>();

  private LayerSection(Markup out, TimeAxis axis, List<Forwarding> forwardings) {
    this.out = out;
    this.axis = axis;
    this.buckets = buckets(axis.seconds(), forwardings.size());
    for (Forwarding forwarding : forwardings) {
      double[] all = new double[buckets];
      forwarding.octets().values().forEach(octets -> add(all, octets));
      most.merge(forwarding.sender(), Arrays.stream(all).max().orElse(0), Math::max);
    }
  }

  /** Returns how many parts of the time are drawn; all of those that are counted, or 1/2, 1/3... */
  private static int buckets(double seconds, int pictures) {
    int most = Math.min(MOST_BUCKETS, MOST_BUCKETS_OF_ALL / Math.max(1, pictures));
    int wanted = (int) Math.min(most, seconds / LEAST_SECONDS);
    int divisor = 1;
    while (divisor < Proceedings.BUCKETS
        && (Proceedings.BUCKETS % divisor != 0 || Proceedings.BUCKETS / divisor > wanted)) {
      divisor++;
    }
    return Proceedings.BUCKETS / divisor;
  }

  static void write(Markup out, TimeAxis axis, List<Forwarding> forwardings) {
    HtmlReport.section(
        out,
        "layers",
        "Video that was forwarded to each receiver",
        "Each box is one sender's video as one receiver got it: the bridge chose the layers"
            + " without seeing a picture. The height is the bit rate, the width the whole"
            + " conference.");
    if (forwardings.isEmpty()) {
      HtmlReport.nothing(out, "No forwarded video was recorded.");
    } else {
      LayerSection section = new LayerSection(out, axis, forwardings);
      section.keys(forwardings);
      Map<String, TreeMap<String, Forwarding>> byReceiver = new TreeMap<>();
      for (Forwarding forwarding : forwardings) {
        Forwarding unused =
            byReceiver
                .computeIfAbsent(forwarding.receiver(), receiver -> new TreeMap<>())
                .put(forwarding.sender(), forwarding);
      }
      byReceiver.forEach(section::receiver);
    }
    out.close();
  }

  private void keys(List<Forwarding> forwardings) {
    TreeSet<Layer> layers = new TreeSet<>();
    forwardings.forEach(forwarding -> layers.addAll(forwarding.octets().keySet()));
    out.open("p", "class", "keys");
    layers.forEach(layer -> HtmlReport.key(out, styleClass(layer), name(layer)));
    HtmlReport.key(out, "epoch", "new keys");
    out.close();
  }

  private void receiver(String receiver, Map<String, Forwarding> bySender) {
    out.open("div", "class", "receiver", "data-participant", receiver);
    out.element("h3", "to " + receiver).open("div", "class", "multiples");
    bySender.values().forEach(this::multiple);
    out.close().close();
  }

  private void multiple(Forwarding forwarding) {
    double top = most.getOrDefault(forwarding.sender(), 0.0);
    String rate = rate(top, axis.seconds() / buckets);
    out.open("figure").open("figcaption").text("from ").element("b", forwarding.sender());
    out.element("small", "top: " + rate).close();
    out.picture(
        "multiple",
        "Video from " + forwarding.sender() + " to " + forwarding.receiver() + ", up to " + rate,
        buckets,
        HEIGHT);
    // from the whole down to the lowest layer, each before what is above it
    TreeMap<Layer, long[]> rest = new TreeMap<>(forwarding.octets());
    while (!rest.isEmpty()) {
      double[] sum = new double[buckets];
      rest.values().forEach(octets -> add(sum, octets));
      Layer highest = rest.lastKey();
      long[] own = forwarding.octets().getOrDefault(highest, new long[0]);
      out.shape(
          "path",
          name(highest)
              + ": "
              + rate((double) Arrays.stream(own).sum(), axis.seconds())
              + " on average",
          "class",
          styleClass(highest),
          "d",
          Steps.area(sum, top, HEIGHT));
      rest.remove(highest);
    }
    axis.lines(out, buckets, HEIGHT);
    out.close();
    axis.labels(out, "axis small");
    out.close();
  }

  private void add(double[] sums, long[] octets) {
    for (int i = 0; i < octets.length; i++) {
      sums[(int) ((long) i * buckets / octets.length)] += octets[i];
    }
  }

  private static String rate(double octets, double seconds) {
    double kilobits = seconds > 0 ? octets * 8 / 1000 / seconds : 0;
    return kilobits < 1000
        ? String.format(Locale.ROOT, "%.0f kbit/s", kilobits)
        : String.format(Locale.ROOT, "%.1f Mbit/s", kilobits / 1000);
  }

  private static String name(Layer layer) {
    if (layer.spatialId() == Layer.WHOLE) {
      return "pictures without layers";
    }
    return (layer.encoding() > 0 ? "encoding " + layer.encoding() + ", " : "")
        + "spatial layer "
        + layer.spatialId()
        + ", temporal layer "
        + layer.temporalId();
  }

  /** The colour tells the size of the pictures, the shade how many there are in a second. */
  private static String styleClass(Layer layer) {
    if (layer.spatialId() == Layer.WHOLE) {
      return "whole";
    }
    int size = Math.min(COLOURS - 1, layer.encoding() + layer.spatialId());
    return "s" + size + "t" + Math.min(SHADES - 1, layer.temporalId());
  }
}
