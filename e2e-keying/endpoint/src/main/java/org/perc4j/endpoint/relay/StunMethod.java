/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

/** What messages are about (RFC 8489, section 18.2; RFC 8656, section 17). */
enum StunMethod {
  BINDING(0x001),
  ALLOCATE(0x003),
  REFRESH(0x004),
  DATA(0x007),
  CHANNEL_BIND(0x009);

  /** The bits of a class are between those of the method (RFC 8489, section 5). */
  static final int CLASS_MASK = 0x0110;

  static final int INDICATION = 0x0010;
  static final int SUCCESS = 0x0100;
  static final int ERROR = 0x0110;

  private final int request;

  StunMethod(int request) {
    this.request = request;
  }

  /** Returns the type of its requests; those of the other classes are this and the class. */
  int request() {
    return request;
  }
}
