/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "org.perc4j.e2e",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestJars.class
    })
class ArchitectureTest {
  /** What the core lends to tests is none of its classes. */
  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

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
              resideInAPackage("org.perc4j.e2e.protocol.."),
              resideInAnyPackage("org.perc4j.e2e.mls..", "org.perc4j.e2e.room.."))
          .ignoreDependency(
              resideInAPackage("org.perc4j.e2e.xmpp.."), resideInAPackage("org.perc4j.e2e.room.."))
          .ignoreDependency(
              resideInAPackage("org.perc4j.e2e.identity.."),
              resideInAPackage("org.perc4j.e2e.mls.."))
          .ignoreDependency(
              resideInAPackage("org.perc4j.e2e.."), resideInAPackage("org.perc4j.e2e.name.."));

  @ArchTest
  static final ArchRule smackIsKnownWhereTheRoomIs =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.perc4j.e2e.xmpp..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jivesoftware..", "org.jxmpp..");

  @ArchTest
  static final ArchRule filesAndJcaKeysAreKnownWhereIdentitiesAreKept =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.perc4j.e2e.identity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.security.cert..");
}
