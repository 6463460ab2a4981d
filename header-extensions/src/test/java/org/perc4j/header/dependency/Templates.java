/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Dependencies and structures from lines such as the specification's tables have. */
final class Templates {

  private Templates() {}

  /**
   * Returns what a line says.
   *
   * @param line layers, differences to frames and to predecessors in chains, and a symbol of table
   *     A.1 for each decode target, such as {@code 0 1; 2,1; 4; -DS}
   */
  static FrameDependencies frame(String line) {
    String[] columns = line.split(";", -1);
    int[] layers = numbers(columns[0].strip().replace(' ', ','));
    int[] dtis = columns[3].strip().chars().map("-DSR"::indexOf).toArray();
    return FrameDependencies.of(
        layers[0], layers[1], dtis, numbers(columns[1]), numbers(columns[2]));
  }

  static List<FrameDependencies> frames(String... lines) {
    return Stream.of(lines).map(Templates::frame).toList();
  }

  private static int[] numbers(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(number -> !number.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
