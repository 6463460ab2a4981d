/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "org.perc4j.header",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("org.perc4j.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule moduleDependsOnNothingButAnnotations =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.header..",
              "java..",
              "org.jspecify.annotations",
              "com.google.errorprone.annotations");

  @ArchTest
  static final ArchRule rtpStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.header.rtp..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.header.audiolevel..", "org.perc4j.header.ohb..");

  @ArchTest
  static final ArchRule audioLevelStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.header.audiolevel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.header.rtp..", "org.perc4j.header.ohb..");

  @ArchTest
  static final ArchRule ohbStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.header.ohb..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.header.rtp..", "org.perc4j.header.audiolevel..");
}
