/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import org.teavm.jso.JSBody;

/** What is asked of the browser. Classes that stand for the JDK's cannot ask themselves. */
public final class Script {
  private Script() {}

  /** Returns a text in a normalisation form of Unicode. */
  @JSBody(
      params = {"text", "form"},
      script = "return text.normalize(form);")
  public static native String normalize(String text, String form);
}
