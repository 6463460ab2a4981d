/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.perc4j.e2e", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final DescribedPredicate<JavaClass> KNOW_BOUNCY_CASTLE_MLS =
      describe(
          "know Bouncy Castle's MLS",
          type ->
              type.getDirectDependenciesFromSelf().stream()
                  .anyMatch(
                      to ->
                          to.getTargetClass().getPackageName().startsWith("org.bouncycastle.mls")));

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("org.perc4j.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule srtpKnowsJceAndHeadersOnly =
      classes()
          .that()
          .resideInAPackage("org.perc4j.e2e.srtp..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.e2e.srtp..",
              "org.perc4j.header..",
              "java.io",
              "java.lang..",
              "java.nio.charset",
              "java.security",
              "java.time",
              "java.util",
              "java.util.function",
              "java.util.stream",
              "javax.crypto..",
              "javax.security.auth",
              "org.jspecify.annotations",
              "com.google.errorprone.annotations");

  @ArchTest
  static final ArchRule markingKnowsHeadersOnly =
      classes()
          .that()
          .resideInAPackage("org.perc4j.e2e.marking..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.e2e.marking..",
              "org.perc4j.header..",
              "java.io",
              "java.lang..",
              "java.util",
              "org.jspecify.annotations",
              "com.google.errorprone.annotations");

  @ArchTest
  static final ArchRule activityKnowsHeadersOnly =
      classes()
          .that()
          .resideInAPackage("org.perc4j.e2e.activity..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.e2e.activity..",
              "org.perc4j.header..",
              "java.lang..",
              "java.util",
              "java.util.random",
              "org.jspecify.annotations",
              "com.google.errorprone.annotations");

  @ArchTest
  static final ArchRule roomAndGroupAndMediaDoNotKnowEachOther =
      slices()
          .matching("org.perc4j.e2e.(*)..")
          .namingSlices("$1")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("org.perc4j.e2e.session.."), resideInAPackage("org.perc4j.e2e.."))
          .ignoreDependency(
              resideInAPackage("org.perc4j.e2e.."), resideInAPackage("org.perc4j.e2e.name.."));

  @ArchTest
  static final ArchRule precisIsKnownWhereNamesAre =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.perc4j.e2e.name..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("rocks.xmpp..");

  /** Those that {@code MlsGroup} names; all others see the group by it only. */
  @ArchTest
  static final ArchRule fewClassesKnowBouncyCastleMls =
      noClasses()
          .that()
          .haveNameNotMatching(
              "org\\.perc4j\\.e2e\\.mls\\.(BouncyCastle|CommitReader|CommitWriter|Epoch|ExternalJoin"
                  + "|MlsGroup|OwnKeyPackage|RatchetTree|ReadKeyPackage|WelcomeReader)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle.mls..");

  @ArchTest
  static final ArchRule bouncyCastleMlsIsNotSeenFromOutside =
      classes()
          .that()
          .resideInAPackage("org.perc4j.e2e.mls..")
          .and(KNOW_BOUNCY_CASTLE_MLS)
          .and()
          .doNotHaveFullyQualifiedName("org.perc4j.e2e.mls.MlsGroup")
          .should()
          .bePackagePrivate();

  @ArchTest
  static final ArchRule smackIsKnownWhereTheRoomIs =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.perc4j.e2e.xmpp..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jivesoftware..", "org.jxmpp..");
}
