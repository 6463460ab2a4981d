/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.cc;

/** Signature only. Upstream: jvb/src/main/java/org/jitsi/videobridge/cc/RewriteException.java */
@SuppressWarnings("serial")
public class RewriteException extends Exception {
  public RewriteException(String message) {
    super(message);
  }
}
