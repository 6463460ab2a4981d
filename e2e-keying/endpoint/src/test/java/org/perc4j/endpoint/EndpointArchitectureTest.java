/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.perc4j.endpoint", importOptions = DoNotIncludeTests.class)
class EndpointArchitectureTest {
  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("org.perc4j.endpoint.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule congestionControlStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.endpoint.congestion..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "org.perc4j.endpoint.congestion..",
              "java..",
              "org.jspecify..",
              "com.google.errorprone..");

  /** It is a client of two protocols, which ICE makes use of. */
  @ArchTest
  static final ArchRule relaysStandAlone =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.endpoint.relay..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "org.perc4j.endpoint.relay..",
              "java..",
              "javax..",
              "org.jspecify..",
              "com.google.errorprone..");

  @ArchTest
  static final ArchRule onlyTheWebKnowsOkHttp =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.perc4j.endpoint.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("okhttp3..", "okio..", "kotlin..");

  @ArchTest
  static final ArchRule theWebKnowsNoRooms =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.endpoint.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.e2e..", "org.jivesoftware..");
}
