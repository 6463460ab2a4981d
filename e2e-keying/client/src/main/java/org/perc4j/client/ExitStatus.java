/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client;

/** What the process answers when it ends. */
enum ExitStatus {
  /** The person left. */
  OK(0),
  /** Something that should not happen. */
  FAULT(1),
  /** The command line, the URL, or a file of one's own is not what it should be. */
  USAGE(2),
  /** The meeting cannot be joined. */
  NOT_JOINED(3),
  /** Something for media is missing. */
  MEDIA(4),
  /** The meeting ended otherwise. */
  ENDED(5);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
