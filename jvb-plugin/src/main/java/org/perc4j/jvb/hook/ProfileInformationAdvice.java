/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.srtp.SrtpProfileInformation;
import org.jspecify.annotations.Nullable;

/** Describes the double profiles. */
final class ProfileInformationAdvice {
  private ProfileInformationAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static @Nullable SrtpProfileInformation enter(@Advice.Argument(0) int profileId) {
    return BridgeHooks.profileInformation(profileId);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable SrtpProfileInformation information,
      @Advice.Return(readOnly = false) SrtpProfileInformation returned) {
    if (information != null) {
      returned = information;
    }
  }
}
