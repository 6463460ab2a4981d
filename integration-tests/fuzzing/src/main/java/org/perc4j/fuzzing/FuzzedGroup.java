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
  private final List<MethodHandle> targets;
  private final long[] executions;
  private final long[] nanos;
  private final long[] seedNanos;
  private final int[] findings;
  private long inputs;

  private static final class Instance {
    static final FuzzedGroup GROUP = create();
  }

  private FuzzedGroup(List<MethodHandle> targets) {
    this.targets = targets;
    this.executions = new long[targets.size()];
    this.nanos = new long[targets.size()];
    this.seedNanos = new long[targets.size()];
    this.findings = new int[targets.size()];
  }

  private static FuzzedGroup create() {
    List<MethodHandle> targets = new ArrayList<>();
    try {
      for (String target : System.getProperty(GROUP, "").split(",", -1)) {
        int hash = target.indexOf('#');
        Class<?> type = Class.forName(target.substring(0, hash));
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Method method = type.getDeclaredMethod(target.substring(hash + 1), byte[].class);
        method.setAccessible(true);
        targets.add(
            MethodHandles.lookup()
                .unreflect(method)
                .bindTo(constructor.newInstance())
                .asType(methodType(void.class, byte[].class)));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return new FuzzedGroup(targets);
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
    int index = target(input, targets.size());
    boolean isSeed = inputs++ < seeds;
    if (nanos[index] > share) {
      return;
    }
    byte[] rest =
        targets.size() == 1 || input.length == 0
            ? input
            : Arrays.copyOfRange(input, 1, input.length);
    long start = System.nanoTime();
    findings[index]++;
    targets.get(index).invokeExact(rest);
    findings[index]--;
    (isSeed ? seedNanos : nanos)[index] += System.nanoTime() - start;
    executions[index]++;
  }

  private void writeAccount(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < executions.length; i++) {
      lines.add(executions[i] + " " + (seedNanos[i] + nanos[i]) + " " + findings[i]);
    }
    Path unused = Files.write(file, lines);
  }
}
