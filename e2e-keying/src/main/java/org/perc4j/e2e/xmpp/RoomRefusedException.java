/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.io.Serial;
import org.perc4j.e2e.room.RoomException;

/** A room does not let this occupant in (XEP-0045, section 7.2). The message is for people. */
public final class RoomRefusedException extends RoomException {
  @Serial private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Somebody else has the nickname. */
    NICKNAME_TAKEN,
    /** This user is banned. */
    BANNED,
    /** The room has a password, and this one is another, or none. */
    PASSWORD,
    /** The room is for members only, or nobody lets this one in from its lobby. */
    MEMBERS_ONLY,
    /** The room wants a name for people, and was told none. */
    NAME_REQUIRED,
    /** The room is full, or there is no such service. */
    FULL,
    /** The room is locked or does not exist. */
    NO_SUCH_ROOM,
    /** The room does not exist, and may not be made by this user. */
    MAY_NOT_BE_MADE,
    /** Something else. */
    OTHER
  }

  private final Reason reason;

  RoomRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }
}
