/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.util.List;
import java.util.Set;

/** Something that the plugin needs of the bridge. Classes have internal names (JVMS 4.2.1). */
sealed interface Need {
  /** A class. */
  record Type(String owner) implements Need {}

  /** A method that advice goes into: the class's own, and not abstract. */
  record Hooked(String owner, String name, String descriptor) implements Need {}

  /** A method, its own or, unless it is a constructor, inherited, that is called. */
  record Method(String owner, String name, String descriptor, boolean isStatic) implements Need {}

  /** A field, its own or inherited, that is read or written. */
  record Field(String owner, String name, String descriptor, boolean isStatic) implements Need {}

  /** A field of a hooked class that advice binds by its name; whatever type it has. */
  record BoundField(String owner, String name) implements Need {}

  /**
   * That a class of the plugin goes with those of the bridge that it extends and implements: it
   * overrides what it means to and nothing else, and leaves nothing abstract.
   *
   * @param own the class
   * @param parents classes and interfaces of the bridge that are next above it and above those of
   *     its own superclasses that are the plugin's
   * @param overrides what it means to override or implement
   * @param others all other methods that could override one
   * @param implemented all methods of it and of its own superclasses
   * @param isAbstract whether it may leave something to others
   */
  record Subclass(
      String own,
      List<String> parents,
      Set<Signature> overrides,
      Set<Signature> others,
      Set<Signature> implemented,
      boolean isAbstract)
      implements Need {}

  /**
   * One of several things, which are all that is needed in one place: exactly one of them.
   *
   * @param what what for
   * @param alternatives at least two
   */
  record OneOf(String what, List<Set<Need>> alternatives) implements Need {}

  /** A method's name and descriptor. */
  record Signature(String name, String descriptor) {
    @Override
    public String toString() {
      return name + descriptor;
    }
  }
}
