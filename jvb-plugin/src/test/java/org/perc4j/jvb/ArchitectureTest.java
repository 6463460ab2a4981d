/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.perc4j.jvb", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("org.perc4j.jvb.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyHooksAndTheCheckImportByteBuddy =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.perc4j.jvb.hook..", "org.perc4j.jvb.compat")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("net.bytebuddy..");

  @ArchTest
  static final ArchRule thereIsNoEndToEndKeyCode =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.perc4j.e2e..");

  /** So that it can be tested, and used by other bridges, without a Jitsi Videobridge. */
  @ArchTest
  static final ArchRule srtpNeedsOnlyLibraries =
      classes()
          .that()
          .resideInAPackage("org.perc4j.jvb.srtp")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jitsi.srtp..",
              "org.jitsi.utils..",
              "org.jspecify..",
              "com.google.errorprone.annotations",
              "org.perc4j.header..",
              "org.perc4j.jvb.bridge",
              "org.perc4j.jvb.metrics",
              "org.perc4j.jvb.packet",
              "org.perc4j.jvb.srtp");
}
