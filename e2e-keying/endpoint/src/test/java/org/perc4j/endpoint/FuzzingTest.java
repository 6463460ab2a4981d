/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.perc4j.fuzzing.FuzzTargets;

class FuzzingTest {

  @TestFactory
  List<DynamicTest> findsNothing() throws IOException {
    return FuzzTargets.of(FuzzingTest.class);
  }
}
