/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test of figures, such as seconds within which something is promised, or of as much as a small
 * machine carries: no other test runs beside it. What else the machine does, {@link ServedTime}
 * tells.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Tag("alone")
public @interface Alone {}
