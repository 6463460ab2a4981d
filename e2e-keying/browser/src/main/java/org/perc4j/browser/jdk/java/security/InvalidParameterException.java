/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.jdk.java.security;

/** What Bouncy Castle's MLS throws where a node of a tree, or a generation, is none. */
public class InvalidParameterException extends IllegalArgumentException {
  /** For people. */
  public InvalidParameterException(String detail) {
    super(detail);
  }

  /** Without words. */
  public InvalidParameterException() {}
}
