/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.io.Serial;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.xmpp.RoomRefusedException;

/** A room could not be joined. The message is a line for people. */
public final class JoinException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The address is none of a meeting. */
    ADDRESS,
    /** The deployment could not be found, or is none; the cause says more. */
    DEPLOYMENT,
    /** The XMPP server could not be reached, or does not let this user in; the cause says more. */
    SERVER,
    /** Jicofo does not come into the room. */
    FOCUS_AWAY,
    /** Jicofo wants to know who asks, or wants somebody else to begin. */
    NOT_AUTHORIZED,
    /** The room has a password, and this one is another, or none. */
    PASSWORD,
    /** The room is for members only, or nobody let this one in from its lobby. */
    MEMBERS_ONLY,
    /** The room wants a display name. */
    NAME_REQUIRED,
    /** The room is full. */
    FULL,
    /** This user is banned from the room. */
    BANNED,
    /** The room cannot be entered for another reason; the cause says more. */
    ROOM
  }

  private final Reason reason;

  JoinException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  JoinException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static JoinException of(RoomException failure) {
    Reason reason =
        failure instanceof RoomRefusedException refused
            ? switch (refused.reason()) {
              case PASSWORD -> Reason.PASSWORD;
              case MEMBERS_ONLY -> Reason.MEMBERS_ONLY;
              case NAME_REQUIRED -> Reason.NAME_REQUIRED;
              case FULL -> Reason.FULL;
              case BANNED -> Reason.BANNED;
              default -> Reason.ROOM;
            }
            : Reason.ROOM;
    return new JoinException(reason, String.valueOf(failure.getMessage()), failure);
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }
}
