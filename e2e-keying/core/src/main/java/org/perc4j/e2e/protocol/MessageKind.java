/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

/** What the room is told that a message is (docs/protocol.md section 11). */
public final class MessageKind {
  /** A key package, to all: somebody wants to become a member. */
  public static final String ANNOUNCE = "announce";

  /** A commit, to all. */
  public static final String COMMIT = "commit";

  /** A Welcome, to those who joined by a commit, or to all. */
  public static final String WELCOME = "welcome";

  /** A number, to one: which group is it in? */
  public static final String ASK = "ask";

  /** A {@link org.perc4j.e2e.mls.GroupAnswer}, to who asked. */
  public static final String ANSWER = "answer";

  /** A number, to oneself: what was said before has been delivered when it comes back. */
  public static final String ECHO = "echo";

  private MessageKind() {}
}
