/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is known, by name; on their own, or as what differs from others, which must not change then.
 * Not thread-safe.
 */
public final class People {
  private final @Nullable People base;
  private final Map<String, Person> persons = new LinkedHashMap<>();
  private int keys;
  private int lines;

  /** Nobody. */
  public People() {
    this.base = null;
  }

  /** The same as others, to begin with. */
  public People(People base) {
    this.base = base;
    this.keys = base.keys;
    this.lines = base.lines;
  }

  /** Returns the person, who may be unknown. */
  public Person person(String name) {
    @Nullable Person own = persons.get(name);
    if (own != null) {
      return own;
    }
    return base == null ? Person.UNKNOWN : base.person(name);
  }

  /** How many keys there are. */
  public int keys() {
    return keys;
  }

  /** How many statements lead from nobody to all of these. */
  public int lines() {
    return lines;
  }

  /**
   * Believes a statement.
   *
   * @param maxKeys how many keys there may be then
   * @return whether it changed anything: not if it says nothing new, or there is no room
   */
  public boolean apply(Statement statement, int maxKeys) {
    Person before = person(statement.name());
    Person after = before.after(statement);
    int more = after.keys().size() - before.keys().size();
    if (after.equals(before) || (more > 0 && keys + more > maxKeys)) {
      return false;
    }
    if (base == null && after.keys().isEmpty()) {
      persons.remove(statement.name());
    } else {
      persons.put(statement.name(), after);
    }
    keys += more;
    lines += after.lines() - before.lines();
    return true;
  }

  /** Returns all who are known, in the order in which their names came. */
  public List<Person> known() {
    Map<String, Person> all = new LinkedHashMap<>();
    collect(all);
    List<Person> known = new ArrayList<>(all.values());
    known.removeIf(person -> person.keys().isEmpty());
    return known;
  }

  private void collect(Map<String, Person> all) {
    if (base != null) {
      base.collect(all);
    }
    all.putAll(persons);
  }
}
