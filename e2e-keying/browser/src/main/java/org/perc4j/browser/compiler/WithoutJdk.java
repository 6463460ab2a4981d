/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hides the class files of the JDK that compiles. TeaVM would take a class from there that its
 * class library does not have, and with it half of the JDK.
 */
final class WithoutJdk extends ClassLoader {
  private static final Pattern JDK = Pattern.compile("(java|javax|jdk|sun|com/sun)/.*\\.class");

  WithoutJdk(ClassLoader parent) {
    super(parent);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return isHidden(name) ? null : super.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return isHidden(name) ? Collections.emptyEnumeration() : super.getResources(name);
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    return isHidden(name) ? null : super.getResourceAsStream(name);
  }

  private static boolean isHidden(String name) {
    return JDK.matcher(name).matches();
  }
}
