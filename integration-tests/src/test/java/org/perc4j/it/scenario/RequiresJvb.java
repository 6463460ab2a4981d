/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs tests on an installed Jitsi Videobridge; where there is none, skips them. Methods and
 * constructors may have a parameter of type {@code JvbProcess}: it is the bridge that all classes
 * with the same settings share.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(JvbExtension.class)
@interface RequiresJvb {
  /** Whether the bridge has perc4j's agent. */
  boolean plugin() default true;

  /** Distinguishes bridges that should not be shared. */
  String instance() default "shared";

  /** HOCON for the bridge; the same for all classes that share it. */
  String configuration() default "";
}
