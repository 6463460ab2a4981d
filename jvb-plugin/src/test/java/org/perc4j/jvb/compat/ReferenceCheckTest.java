/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.junit.jupiter.api.Test;
import org.perc4j.jvb.agent.HookModules;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

class ReferenceCheckTest {
  @Test
  void acceptsTheInstalledBridge() {
    ReferenceCheck check = ReferenceCheck.against(InstalledBridge.requireClasses());

    assertEquals(List.of(), check.mismatches(HookModules.all()));
  }

  @Test
  void namesEveryClassThatIsMissing() {
    ClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader());

    List<String> mismatches = ReferenceCheck.against(empty).mismatches(HookModules.all());

    for (HookModule module : HookModules.all()) {
      for (HookPoint point : module.points()) {
        assertTrue(mismatches.contains(point.type() + ": expected this class"), point.type());
      }
    }
    assertTrue(mismatches.contains("org.jitsi.srtp.SrtpCryptoContext: expected this class"));
  }

  @Test
  void namesAMethodWhoseDescriptorChanged() {
    ReferenceCheck check = against("getProtectionProfiles", String.class);

    assertTrue(
        check
            .mismatches(HookModules.all())
            .contains(
                "org.jitsi.nlj.srtp.SrtpConfig$Companion: expected a method"
                    + " getProtectionProfiles()Ljava/util/List; of its own"));
  }

  @Test
  void acceptsAMethodThatIsAsExpected() {
    ReferenceCheck check = against("getProtectionProfiles", List.class);

    assertTrue(
        check.mismatches(HookModules.all()).stream()
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
        ReferenceCheck.against(ClassFileLocator.Simple.of("org.jitsi.nlj.RtpSenderImpl", type))
            .mismatches(HookModules.all())
            .contains("org.jitsi.nlj.RtpSenderImpl: expected a field named probingDataSender"));
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
