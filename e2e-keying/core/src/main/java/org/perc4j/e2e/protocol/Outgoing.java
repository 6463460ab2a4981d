/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.perc4j.e2e.mls.ShownMark;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomException;

/**
 * The protocol's messages on their way out. What cannot be sent is not sent again here: whoever
 * waits for an answer has a timer, and a room that is out of reach is told by an event.
 */
final class Outgoing {
  /** A Welcome for more joiners is sent to all. */
  private static final int MAX_PRIVATE_WELCOMES = 3;

  private static final Logger LOGGER = Logger.getLogger(Outgoing.class.getName());

  private final RoomChannel room;
  private boolean inReach;

  Outgoing(RoomChannel room) {
    this.room = room;
  }

  /** The room was entered, or is in reach again. */
  void reached() {
    inReach = true;
  }

  /** The room is out of reach. */
  void lost() {
    inReach = false;
  }

  /** Whether it makes sense to send anything. */
  boolean isInReach() {
    return inReach;
  }

  void announce(byte[] keyPackage) {
    try {
      room.broadcast(MessageKind.ANNOUNCE, keyPackage);
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not send an announcement", e);
    }
  }

  /** Sends a commit to all; returns whether it is on its way. */
  @CanIgnoreReturnValue
  boolean commit(Step step) {
    try {
      room.broadcast(MessageKind.COMMIT, step.commit().commit());
      return true;
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not send a commit", e);
      return false;
    }
  }

  /** Sends those who joined by a step what they need for it. */
  void welcome(Step step) {
    byte[] welcome = step.commit().welcome();
    if (welcome == null) {
      return;
    }
    try {
      if (step.joiners().size() > MAX_PRIVATE_WELCOMES) {
        room.broadcast(MessageKind.WELCOME, welcome);
      } else {
        for (String joiner : step.joiners()) {
          room.sendTo(joiner, MessageKind.WELCOME, welcome);
        }
      }
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not send a Welcome", e);
    }
  }

  void toSelf(byte[] number) {
    try {
      room.sendTo(room.occupant(), MessageKind.ECHO, number);
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not send a number to oneself", e);
    }
  }

  void ask(Inquiries.Question question) {
    try {
      room.sendTo(question.occupant(), MessageKind.ASK, question.nonce());
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not send a question", e);
    }
  }

  void answer(String asker, byte[] answer) {
    try {
      room.sendTo(asker, MessageKind.ANSWER, answer);
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not send an answer", e);
    }
  }

  /** Shows this to all; returns whether it is shown. */
  boolean show(ShownMark shown) {
    try {
      room.publish(shown.octets());
      return true;
    } catch (RoomException e) {
      LOGGER.log(Level.FINE, "could not show a mark", e);
      return false;
    }
  }
}
