/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

/** The command line, or a file that it names, is not what it should be. One line for people. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  /** With a line for people. */
  public UsageException(String message) {
    super(message);
  }

  /** With a line for people, and what led to it. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
