/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.perc4j.client", importOptions = DoNotIncludeTests.class)
class ClientArchitectureTest {
  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("org.perc4j.client.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyOnePackageCallsNativeCode =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.perc4j.client.gstreamer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  /** So that the same media are shown by a terminal, a window, or nobody. */
  @ArchTest
  static final ArchRule mediaKnowNobodyWhoShowsThem =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.perc4j.client.gstreamer..",
              "org.perc4j.client.media..",
              "org.perc4j.client.recording..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.client",
              "org.perc4j.client.meeting..",
              "org.perc4j.client.options..",
              "org.perc4j.client.terminal..",
              "javax.swing..",
              "java.awt..");
}
