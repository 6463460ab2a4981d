/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/** Octets of a peer that are not the feedback they should be. Has no stack trace. */
public final class MalformedFeedbackException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedFeedbackException(String what) {
    super(what, null, false, false);
  }
}
