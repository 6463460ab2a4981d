/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * One direction: integration-tests to jvb-plugin and client, then endpoint, e2e-keying,
 * header-extensions.
 */
@AnalyzeClasses(packages = "org.perc4j", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule headerExtensionsNeedNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.header..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.e2e..", "org.perc4j.endpoint..", "org.perc4j.jvb..", "org.perc4j.it..");

  @ArchTest
  static final ArchRule keyingNeedsHeaderExtensionsOnly =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.e2e..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.endpoint..", "org.perc4j.jvb..", "org.perc4j.it..");

  @ArchTest
  static final ArchRule theEndpointKnowsNoBridgeAndNoTests =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.endpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.jvb..", "org.perc4j.it..");

  @ArchTest
  static final ArchRule thePluginNeedsHeaderExtensionsOnly =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.jvb..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.e2e..", "org.perc4j.endpoint..", "org.perc4j.it..");

  @ArchTest
  static final ArchRule nothingHereNeedsTheClientButTests =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.perc4j.header..",
              "org.perc4j.e2e..",
              "org.perc4j.endpoint..",
              "org.perc4j.jvb..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.perc4j.client..");

  @ArchTest
  static final ArchRule theClientKnowsNoBridgeAndNoTests =
      noClasses()
          .that()
          .resideInAPackage("org.perc4j.client..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.perc4j.jvb..", "org.perc4j.it..");

  @ArchTest
  static final ArchRule onlyTransportsImportIceAndDtls =
      noClasses()
          .that(resideInAPackage("org.perc4j.it.."))
          .and(not(resideInAnyPackage("org.perc4j.it.transport..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.ice4j..", "org.bouncycastle..");

  @ArchTest
  static final ArchRule packagesHereAreFreeOfCycles =
      slices().matching("org.perc4j.it.(*)..").should().beFreeOfCycles();
}
