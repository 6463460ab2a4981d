/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.signalling.DtlsSetup;

/** A bridge's transport that, as DTLS server, chooses whatever it is told, offered or not. */
public final class AnsweringTransport extends SecureTransport {
  private final int[] answer;

  /**
   * Gathers candidates.
   *
   * @param answer profiles to be named as chosen; none, to say nothing of SRTP
   */
  public AnsweringTransport(String name, int[] answer, Receiver receiver)
      throws IOException, InterruptedException {
    super(name, true, DtlsSetup.PASSIVE, List.of(SrtpProfile.values()), receiver);
    this.answer = answer.clone();
  }

  @Override
  SrtpNegotiation negotiation(List<SrtpProfile> acceptable, String peerFingerprint) {
    return new SrtpNegotiation(acceptable, peerFingerprint) {
      @Override
      @SuppressWarnings({"rawtypes", "unchecked", "JdkObsolete"}) // as Bouncy Castle has it
      Hashtable answer(@Nullable Hashtable extensions) throws IOException {
        Hashtable result = extensions == null ? new Hashtable() : extensions;
        if (answer.length > 0) {
          TlsSRTPUtils.addUseSRTPExtension(result, new UseSRTPData(answer, TlsUtils.EMPTY_BYTES));
        }
        return result;
      }
    };
  }
}
