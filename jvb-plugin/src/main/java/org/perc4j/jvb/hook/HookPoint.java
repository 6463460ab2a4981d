/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

/**
 * A method of the bridge and the advice that goes into it.
 *
 * @param type the class, as {@link Class#getName()}
 * @param method the method; {@code <init>} for constructors
 * @param descriptor the method's full descriptor (JVMS 4.3.3): names alone also match the
 *     compiler's bridge methods, and a renamed method would silently match nothing
 * @param advice the advice class
 */
public record HookPoint(String type, String method, String descriptor, Class<?> advice) {}
