/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Figures as PNG files; no display is needed. Maps are drawn in their own order. */
public final class Plots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
  private static final Color GRID = new Color(225, 225, 225);

  /** Logarithmic axes have many lines. */
  private static final Color FAINT_GRID = new Color(242, 242, 242);

  /** Distinct also to the colour-blind (Okabe and Ito, "Color universal design", 2008). */
  private static final Color[] COLOURS = {
    new Color(0, 114, 178),
    new Color(213, 94, 0),
    new Color(0, 158, 115),
    new Color(204, 121, 167),
    new Color(86, 180, 233),
    new Color(230, 159, 0),
    new Color(90, 90, 90)
  };

  /** A point with its name. */
  public record Point(String label, double x, double y) {}

  private Plots() {}

  /**
   * Draws how symbols change over time.
   *
   * @param series one symbol for each step, by what they are
   * @param perSecond how many steps
   * @param seconds how much of the beginning is shown
   */
  public static void timeline(
      Path file,
      String title,
      String axis,
      Map<String, int[]> series,
      double perSecond,
      double seconds)
      throws IOException {
    XYChart chart = xyChart(title, "seconds", axis);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(seconds);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Step);
    series.forEach(
        (name, symbols) -> {
          int length = (int) Math.min(symbols.length, seconds * perSecond);
          double[] times = new double[length];
          Arrays.setAll(times, t -> t / perSecond);
          double[] values =
              Arrays.stream(symbols).limit(length).mapToDouble(each -> each).toArray();
          chart
              .addSeries(name, times, values)
              .setMarker(SeriesMarkers.NONE)
              .setLineStyle(new BasicStroke(1.4f));
        });
    save(chart, file);
  }

  /**
   * Draws how figures change.
   *
   * @param xs where they were taken, for all curves
   * @param curves as many values each, by what they are
   */
  public static void lines(
      Path file,
      String title,
      String xAxis,
      String yAxis,
      double[] xs,
      Map<String, double[]> curves)
      throws IOException {
    XYChart chart = xyChart(title, xAxis, yAxis);
    chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
    curves.forEach(
        (name, ys) ->
            chart
                .addSeries(name, xs, ys)
                .setMarker(SeriesMarkers.NONE)
                .setLineStyle(new BasicStroke(1.4f)));
    save(chart, file);
  }

  /**
   * Draws rates on a logarithmic axis.
   *
   * @param groups names of what stands beside each other
   * @param series one value for each group, by what they are
   * @param least where the axis begins, a power of ten; what is less, such as 0, has no bar
   */
  public static void bars(
      Path file,
      String title,
      String axis,
      List<String> groups,
      Map<String, double[]> series,
      double least)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(axis)
            .build();
    tidy(chart.getStyler());
    double most = series.values().stream().flatMapToDouble(Arrays::stream).max().orElse(1);
    chart.getStyler().setPlotGridLinesColor(FAINT_GRID);
    chart.getStyler().setAvailableSpaceFill(0.75);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmicDecadeOnly(true);
    chart.getStyler().setYAxisMin(least);
    chart.getStyler().setYAxisMax(Math.pow(10, Math.ceil(Math.log10(Math.max(most, 10 * least)))));
    series.forEach(
        (name, values) -> {
          List<Double> drawn =
              Arrays.stream(values).map(value -> Math.max(value, least)).boxed().toList();
          chart.addSeries(name, groups, drawn);
        });
    save(chart, file);
  }

  /**
   * Draws what is bought with what: points, joined in their order, each with its name. The
   * horizontal axis is logarithmic.
   *
   * @param curves by what they are
   * @param least where the horizontal axis begins, a power of ten; what is less stands there
   */
  public static void tradeOff(
      Path file,
      String title,
      String xAxis,
      String yAxis,
      Map<String, List<Point>> curves,
      double least)
      throws IOException {
    XYChart chart = xyChart(title, xAxis, yAxis);
    double most =
        curves.values().stream().flatMap(List::stream).mapToDouble(Point::x).max().orElse(1);
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setXAxisLogarithmicDecadeOnly(true);
    // half a decade on both sides, for the names
    chart.getStyler().setXAxisMin(least / 2);
    chart.getStyler().setXAxisMax(3 * Math.max(most, 10 * least));
    double[] ys =
        curves.values().stream().flatMap(List::stream).mapToDouble(Point::y).sorted().toArray();
    double lift = ys.length == 0 ? 0 : (ys[ys.length - 1] - ys[0]) / 22;
    curves.forEach(
        (name, points) -> {
          chart
              .addSeries(
                  name,
                  points.stream().mapToDouble(point -> Math.max(point.x(), least)).toArray(),
                  points.stream().mapToDouble(Point::y).toArray())
              .setMarker(SeriesMarkers.CIRCLE);
          for (Point point : points) {
            chart.addAnnotation(
                new AnnotationText(
                    point.label(), Math.max(point.x(), least), point.y() + lift, false));
          }
        });
    save(chart, file);
  }

  private static XYChart xyChart(String title, String xAxis, String yAxis) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    tidy(chart.getStyler());
    return chart;
  }

  private static void tidy(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setSeriesColors(COLOURS);
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendFont(TEXT);
    styler.setChartTitleFont(TITLE);
    styler.setChartTitleBoxVisible(false);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
    styler.setAnnotationTextFont(TEXT);
    styler.setLocale(Locale.ROOT);
  }

  private static void save(Chart<?, ?> chart, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG);
    }
  }
}
