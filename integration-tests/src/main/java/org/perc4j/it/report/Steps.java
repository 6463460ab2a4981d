/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

/** Values over time as a path of SVG, one unit wide each; equal ones beside each other are one. */
final class Steps {
  private Steps() {}

  /**
   * Returns the area below the values.
   *
   * @param values what is not above 0 has no area
   * @param most the value that is as high as the picture
   * @param height of the picture
   */
  static String area(double[] values, double most, int height) {
    StringBuilder path = new StringBuilder("M0 ").append(height);
    int last = height;
    int run = 0;
    for (double value : values) {
      int y = y(value, most, height);
      if (y != last) {
        flush(path, run);
        path.append('V').append(y);
        run = 0;
        last = y;
      }
      run++;
    }
    flush(path, run);
    return path.append('V').append(height).append('z').toString();
  }

  /**
   * Returns the line along the values.
   *
   * @param values what is not above 0 has no line
   */
  static String line(double[] values, double most, int height) {
    StringBuilder path = new StringBuilder();
    int last = -1;
    int run = 0;
    for (int i = 0; i < values.length; i++) {
      int y = values[i] > 0 ? y(values[i], most, height) : -1;
      if (y != last) {
        flush(path, run);
        run = 0;
        if (y >= 0) {
          path.append(last < 0 ? "M" + i + " " + y : "V" + y);
        }
        last = y;
      }
      run += y >= 0 ? 1 : 0;
    }
    flush(path, run);
    return path.toString();
  }

  private static void flush(StringBuilder path, int run) {
    if (run > 0) {
      path.append('h').append(run);
    }
  }

  private static int y(double value, double most, int height) {
    if (!(value > 0) || !(most > 0)) {
      return height;
    }
    return height - (int) Math.round(Math.min(1, value / most) * height);
  }
}
