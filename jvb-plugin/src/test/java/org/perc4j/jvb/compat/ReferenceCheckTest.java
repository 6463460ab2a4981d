/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.perc4j.jvb.agent.HookModules;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

class ReferenceCheckTest {
  /** On each, every module, with one method for each hook. */
  @TestFactory
  Stream<DynamicTest> acceptsEveryInstalledBridge() {
    return InstalledBridge.all().stream()
        .map(bridge -> DynamicTest.dynamicTest(bridge.toString(), () -> accepts(bridge)));
  }

  private static void accepts(InstalledBridge bridge) {
    for (ModuleFit fit : ReferenceCheck.against(bridge.classes()).fits(HookModules.all())) {
      assertEquals(List.of(), fit.mismatches(), fit.module().name());
      assertEquals(fit.module().hooks().size(), fit.points().size(), fit.module().name());
    }
  }

  @Test
  void namesEveryClassThatIsMissing() {
    ClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader());

    List<String> mismatches = allMismatches(ReferenceCheck.against(empty));

    for (HookModule module : HookModules.all()) {
      for (Hook hook : module.hooks()) {
        for (HookPoint point : hook.alternatives()) {
          assertTrue(
              mismatches.stream()
                  .anyMatch(each -> each.contains(point.type() + ": expected this class")),
              point.type());
        }
      }
    }
    assertTrue(mismatches.contains("org.jitsi.srtp.SrtpCryptoContext: expected this class"));
  }

  @Test
  void namesAMethodWhoseDescriptorChanged() {
    ReferenceCheck check = against("getProtectionProfiles", String.class);

    assertTrue(
        allMismatches(check)
            .contains(
                "org.jitsi.nlj.srtp.SrtpConfig$Companion: expected a method"
                    + " getProtectionProfiles()Ljava/util/List; of its own"));
  }

  @Test
  void acceptsAMethodThatIsAsExpected() {
    ReferenceCheck check = against("getProtectionProfiles", List.class);

    assertTrue(
        allMismatches(check).stream()
            .noneMatch(mismatch -> mismatch.contains("getProtectionProfiles")));
  }

  @Test
  void namesAPrivateFieldThatAdviceNeeds() {
    byte[] type =
        new ByteBuddy()
            .subclass(Object.class)
            .name("org.jitsi.nlj.RtpSenderImpl")
            .make()
            .getBytes();

    assertTrue(
        allMismatches(
                ReferenceCheck.against(
                    ClassFileLocator.Simple.of("org.jitsi.nlj.RtpSenderImpl", type)))
            .contains("org.jitsi.nlj.RtpSenderImpl: expected a field named probingDataSender"));
  }

  private static List<String> allMismatches(ReferenceCheck check) {
    return check.fits(HookModules.all()).stream()
        .flatMap(fit -> fit.mismatches().stream())
        .toList();
  }

  private static ReferenceCheck against(String method, Class<?> returnType) {
    String name = "org.jitsi.nlj.srtp.SrtpConfig$Companion";
    byte[] type =
        new ByteBuddy()
            .subclass(Object.class)
            .name(name)
            .defineMethod(method, returnType, Visibility.PUBLIC)
            .intercept(net.bytebuddy.implementation.StubMethod.INSTANCE)
            .make()
            .getBytes();
    return ReferenceCheck.against(ClassFileLocator.Simple.of(name, type));
  }
}
