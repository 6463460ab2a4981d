/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.srtp.SrtpProfileInformation;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.srtp.TlsRole;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;

/** Makes the transformers of a double transport. */
final class TransformersAdvice {
  private TransformersAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static @Nullable SrtpTransformers enter(
      @Advice.Argument(0) SrtpProfileInformation information,
      @Advice.Argument(1) byte[] keyingMaterial,
      @Advice.Argument(2) TlsRole role,
      @Advice.Argument(3) boolean cryptex,
      @Advice.Argument(4) Logger logger) {
    return BridgeHooks.transformers(information, keyingMaterial, role, cryptex, logger);
  }

  @Keep
  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable SrtpTransformers transformers,
      @Advice.Return(readOnly = false) SrtpTransformers returned) {
    if (transformers != null) {
      returned = transformers;
    }
  }
}
