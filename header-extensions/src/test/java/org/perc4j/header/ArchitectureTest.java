/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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

  @ArchTest static final ArchRule rtpStandsAlone = standsAlone("rtp");

  @ArchTest static final ArchRule audioLevelStandsAlone = standsAlone("audiolevel");

  @ArchTest static final ArchRule frameMarkingStandsAlone = standsAlone("framemarking");

  @ArchTest static final ArchRule dependencyStandsAlone = standsAlone("dependency");

  @ArchTest static final ArchRule ohbStandsAlone = standsAlone("ohb");

  @ArchTest static final ArchRule indexStandsAlone = standsAlone("index");

  @ArchTest static final ArchRule srtpStandsAlone = standsAlone("srtp");

  private static ArchRule standsAlone(String name) {
    return classes()
        .that()
        .resideInAPackage("org.perc4j.header." + name)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("org.perc4j..")
                .or(resideInAnyPackage("org.perc4j.header", "org.perc4j.header." + name)));
  }
}
