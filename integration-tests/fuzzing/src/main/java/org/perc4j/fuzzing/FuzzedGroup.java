/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.fuzzing;

import static java.lang.invoke.MethodType.methodType;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What Jazzer calls: targets that share a JVM. The first octet of an input says which of them gets
 * the others; a target that is by itself gets them all. As Jazzer prefers what has more to reach, a
 * target that had its time gets nothing more. Seeds, the first of which loads classes, do not
 * count.
 *
 * <p>System properties: {@code perc4j.fuzz.group}, the targets, each as {@code CLASS#METHOD},
 * separated by commas; {@code perc4j.fuzz.share}, the seconds that each may take; {@code
 * perc4j.fuzz.seeds}, how many inputs there are to begin with; {@code perc4j.fuzz.account}, the
 * file into which each target's executions and nanoseconds go at the end, one line for each, with 1
 * behind them if it threw, or else 0.
 */
public final class FuzzedGroup {
  static final String GROUP = "perc4j.fuzz.group";
  static final String SHARE = "perc4j.fuzz.share";
  static final String SEEDS = "perc4j.fuzz.seeds";
  static final String ACCOUNT = "perc4j.fuzz.account";

  private final long share = TimeUnit.SECONDS.toNanos(Long.getLong(SHARE, 0));
  private final int seeds = Integer.getInteger(SEEDS, 0);
  private final List<Target> targets = new ArrayList<>();
  private long inputs;

  private static final class Instance {
    static final FuzzedGroup GROUP = create();
  }

  /** What is executed, and what it took. */
  private static final class Target {
    private final MethodHandle method;
    private long executions;
    private long seedNanos;
    private long nanos;
    private boolean executing;

    Target(MethodHandle method) {
      this.method = method;
    }

    void execute(byte[] input, boolean isSeed) throws Throwable {
      long start = System.nanoTime();
      // Stays so if it throws.
      executing = true;
      method.invokeExact(input);
      executing = false;
      long took = System.nanoTime() - start;
      if (isSeed) {
        seedNanos += took;
      } else {
        nanos += took;
      }
      executions++;
    }

    String account() {
      return executions + " " + (seedNanos + nanos) + " " + (executing ? 1 : 0);
    }
  }

  private FuzzedGroup() {}

  private static FuzzedGroup create() {
    FuzzedGroup group = new FuzzedGroup();
    try {
      for (String target : System.getProperty(GROUP, "").split(",", -1)) {
        int hash = target.indexOf('#');
        Class<?> type = Class.forName(target.substring(0, hash));
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Method method = type.getDeclaredMethod(target.substring(hash + 1), byte[].class);
        method.setAccessible(true);
        group.targets.add(
            new Target(
                MethodHandles.lookup()
                    .unreflect(method)
                    .bindTo(constructor.newInstance())
                    .asType(methodType(void.class, byte[].class))));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return group;
  }

  /** Returns the target that an input is for, of so many. */
  static int target(byte[] input, int targets) {
    return targets == 1 || input.length == 0 ? 0 : (input[0] & 0xFF) % targets;
  }

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) throws Throwable {
    Instance.GROUP.execute(input);
  }

  /** Jazzer's last call. */
  public static void fuzzerTearDown() throws IOException {
    Instance.GROUP.writeAccount(Path.of(System.getProperty(ACCOUNT)));
  }

  private void execute(byte[] input) throws Throwable {
    Target target = targets.get(target(input, targets.size()));
    boolean isSeed = inputs++ < seeds;
    if (target.nanos > share) {
      return;
    }
    boolean isWhole = targets.size() == 1 || input.length == 0;
    target.execute(isWhole ? input : Arrays.copyOfRange(input, 1, input.length), isSeed);
  }

  private void writeAccount(Path file) throws IOException {
    Path unused = Files.write(file, targets.stream().map(Target::account).toList());
  }
}
