/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.bridge;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One of several classes of which exactly one goes with the bridge at hand: releases of the bridge
 * differ in what such a class has to be. The others are not used there, nor loaded. {@code
 * ReferenceCheck} reads this mark from class files.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface BridgeAlternative {
  /** What they are alternatives for: the same for all of them. */
  String value();
}
