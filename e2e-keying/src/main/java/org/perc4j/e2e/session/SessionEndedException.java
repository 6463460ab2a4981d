/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import org.perc4j.e2e.protocol.SessionEvent;

/** A session ended before what was waited for. */
public final class SessionEndedException extends Exception {
  private static final long serialVersionUID = 1;

  private final SessionEvent.Ended.Reason reason;

  /**
   * The end of a session.
   *
   * @param detail for people
   */
  public SessionEndedException(SessionEvent.Ended.Reason reason, String detail) {
    super(reason + ": " + detail);
    this.reason = reason;
  }

  /** Returns why the session ended. */
  public SessionEvent.Ended.Reason reason() {
    return reason;
  }
}
