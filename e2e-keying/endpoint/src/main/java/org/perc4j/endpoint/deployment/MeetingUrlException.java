/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

/** What was given is not the URL of a meeting. The message is one line for people. */
public final class MeetingUrlException extends Exception {
  /** What is wrong with it. */
  public enum Fault {
    /** It does not begin with {@code https://}, and with no other scheme either. */
    NO_SCHEME,
    /** It is {@code http}, where anybody on the way can read and change everything. */
    NOT_SECURE,
    /** It has a scheme that has nothing to do with meetings. */
    OTHER_SCHEME,
    /** It has a user's name or password in front of the host. */
    USER_INFO,
    /** The host is missing, or is no name or address. */
    HOST,
    /** The port is not one from 1 to 65,535. */
    PORT,
    /** No room is named. */
    NO_ROOM,
    /** There is more in the path than a tenant and a room. */
    PATH,
    /** Something is not encoded as RFC 3986 has it, in UTF-8. */
    ENCODING,
    /** The tenant has characters that a domain cannot have. */
    TENANT,
    /** The room's name cannot be an address in XMPP, which has up to 1,023 octets. */
    ROOM,
    /** The token is empty, too long, or has characters that tokens do not have. */
    TOKEN
  }

  private final Fault fault;

  MeetingUrlException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  /** Returns what is wrong. */
  public Fault fault() {
    return fault;
  }
}
