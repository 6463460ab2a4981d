/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

/** How private a meeting is now. */
public enum Privacy {
  /** Not a member yet, or not any more: nothing is sent. */
  NO_GROUP("not yet: nothing is sent"),
  /** Nobody but the members reads what is sent, and nobody else is in the room. */
  PRIVATE("yes"),
  /** A member comes with another key than its name had before. */
  CHANGED_KEY("maybe not: somebody has another key than before"),
  /** Nobody but the members reads what is sent; others are in the room, who hear nothing. */
  OUTSIDERS("among the members; others are in the room"),
  /** Who is a member is not certain now. */
  UNCERTAIN("not certain: out of step with the group");

  private final String words;

  Privacy(String words) {
    this.words = words;
  }

  /** Returns a few words for people. */
  public String words() {
    return words;
  }
}
