/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing that the bridge's code is made to do otherwise. Releases of the bridge differ in where
 * that is.
 *
 * @param alternatives the methods to look for, the newest release's first; a bridge that fits has
 *     exactly one of them
 */
public record Hook(List<HookPoint> alternatives) {
  /** A hook of a method that is the same in all releases. */
  public static Hook at(String type, String method, String descriptor, Class<?> advice) {
    return new Hook(List.of(new HookPoint(type, method, descriptor, advice)));
  }

  /** The same advice in a method that other releases have instead. */
  public Hook or(String type, String method, String descriptor) {
    List<HookPoint> all = new ArrayList<>(alternatives);
    all.add(new HookPoint(type, method, descriptor, alternatives.get(0).advice()));
    return new Hook(List.copyOf(all));
  }

  /** The same advice in a method that differs in its descriptor. */
  public Hook or(String descriptor) {
    HookPoint newest = alternatives.get(0);
    return or(newest.type(), newest.method(), descriptor);
  }
}
