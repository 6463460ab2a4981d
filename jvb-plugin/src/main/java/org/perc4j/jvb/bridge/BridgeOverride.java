/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.bridge;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Overrides or implements a method of a class of the bridge. In another version of the bridge there
 * may be no such method any more, and nobody would call this one: {@code ReferenceCheck} reads this
 * mark from class files, where {@link Override} is not to be seen, and refuses such a bridge. Tests
 * find methods that lack it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface BridgeOverride {}
