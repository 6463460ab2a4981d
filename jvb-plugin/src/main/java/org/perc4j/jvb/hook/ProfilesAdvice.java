/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Puts the double profiles before the configured ones. */
final class ProfilesAdvice {
  private ProfilesAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Return(readOnly = false) List<Integer> profiles) {
    profiles = BridgeHooks.profiles(profiles);
  }
}
