/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test of seconds within which something is promised, which leaves much of a small machine to
 * others: one more such test may run beside it, and nothing else. Where figures themselves count,
 * it is {@link Alone}.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Tag("in-pairs")
public @interface InPairs {}
