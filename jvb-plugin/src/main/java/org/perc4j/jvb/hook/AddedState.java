/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

/**
 * Something that the objects of a class of the bridge remember: an interface that is added to the
 * class, and a field for each of its properties.
 *
 * @param type the class, as {@link Class#getName()}
 * @param accessors the interface: for each property a method that returns it, and one of the same
 *     name that sets it
 */
public record AddedState(String type, Class<?> accessors) {}
