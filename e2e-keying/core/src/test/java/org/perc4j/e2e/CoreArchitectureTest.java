/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.HexFormat;

/** This module is to run where there is no JVM: what it may know of the JDK is listed here. */
@AnalyzeClasses(packages = "org.perc4j.e2e", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreArchitectureTest {
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
  static final ArchRule noFilesNoThreadsNoExecutorsNoJca =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.perc4j.e2e..",
              "org.bouncycastle..",
              "rocks.xmpp..",
              "java.io",
              "java.lang",
              "java.lang.annotation",
              "java.lang.invoke",
              "java.lang.runtime",
              "java.math",
              "java.nio",
              "java.nio.charset",
              "java.security",
              "java.text",
              "java.time..",
              "java.util",
              "java.util.concurrent.atomic",
              "java.util.function",
              "java.util.logging",
              "java.util.regex",
              "java.util.stream",
              "org.jspecify.annotations",
              "com.google.errorprone.annotations");

  @ArchTest
  static final ArchRule ofJcaRandomnessOnly =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "are JCA's, but SecureRandom",
                  type ->
                      type.getPackageName().equals("java.security")
                          && !type.getSimpleName().equals("SecureRandom")))
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class);

  /** TeaVM 0.16 has none of these. */
  @ArchTest
  static final ArchRule nothingThatBrowsersLack =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(HexFormat.class)
          .orShould()
          .callMethod(Arrays.class, "compareUnsigned", byte[].class, byte[].class);

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
}
