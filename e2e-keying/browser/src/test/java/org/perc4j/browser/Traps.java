/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Operations that a JVM answers with an exception and WebAssembly with a trap, each in a form that
 * no compiler can see through: all depend on a number that is 0 when it runs. What comes out is the
 * same on both, exception for exception.
 */
@SuppressWarnings("NullAway") // that is what it is about
final class Traps {
  private interface Operation {
    @Nullable Object run(int zero);
  }

  private static final Map<String, Operation> OPERATIONS = new TreeMap<>();

  static {
    OPERATIONS.put("int by zero", zero -> 5 / zero);
    OPERATIONS.put("int modulo zero", zero -> 5 % zero);
    OPERATIONS.put("long by zero", zero -> 5L / zero);
    OPERATIONS.put("long modulo zero", zero -> 5L % zero);
    OPERATIONS.put("least int by -1", zero -> (Integer.MIN_VALUE + zero) / (zero - 1));
    OPERATIONS.put("least int modulo -1", zero -> (Integer.MIN_VALUE + zero) % (zero - 1));
    OPERATIONS.put("least long by -1", zero -> (Long.MIN_VALUE + zero) / (zero - 1));
    OPERATIONS.put("least long modulo -1", zero -> (Long.MIN_VALUE + zero) % (zero - 1L));
    OPERATIONS.put("constant least int by -1", zero -> (Integer.MIN_VALUE + zero) / -1);
    OPERATIONS.put("unsigned int by zero", zero -> Integer.divideUnsigned(5, zero));
    OPERATIONS.put("unsigned int modulo zero", zero -> Integer.remainderUnsigned(5, zero));
    OPERATIONS.put("unsigned long by zero", zero -> Long.divideUnsigned(5, zero));
    OPERATIONS.put("unsigned long modulo zero", zero -> Long.remainderUnsigned(5, zero));
    OPERATIONS.put("octets of negative length", zero -> new byte[zero - 1]);
    OPERATIONS.put("numbers of negative length", zero -> new long[zero - 1]);
    OPERATIONS.put("objects of negative length", zero -> new String[zero - 1]);
    OPERATIONS.put("arrays of negative length", zero -> new byte[1 + zero][zero - 1]);
    OPERATIONS.put("more octets than there are", zero -> new byte[Integer.MAX_VALUE - zero]);
    OPERATIONS.put("octet behind the last", zero -> array(zero)[zero + 4]);
    OPERATIONS.put("octet before the first", zero -> array(zero)[zero - 1]);
    OPERATIONS.put("octet far behind", zero -> array(zero)[zero + Integer.MAX_VALUE]);
    OPERATIONS.put("put behind the last", zero -> array(zero)[zero + 4] = 1);
    OPERATIONS.put("object behind the last", zero -> objects(zero)[zero + 4]);
    OPERATIONS.put("character behind the last", zero -> "abc".charAt(zero + 3));
    OPERATIONS.put("copy from behind", zero -> copied(array(zero), 3, array(zero), zero, 2));
    OPERATIONS.put("copy behind", zero -> copied(array(zero), zero, array(zero), 3, 2));
    OPERATIONS.put("copy from before", zero -> copied(array(zero), zero - 1, array(zero), 0, 1));
    OPERATIONS.put("copy less than nothing", zero -> copied(array(zero), 0, array(zero), 0, ~zero));
    OPERATIONS.put(
        "copy with a sum that overflows",
        zero -> copied(array(zero), 2, array(zero), 0, ~zero >>> 1));
    OPERATIONS.put(
        "copy objects with a sum that overflows",
        zero -> copied(new String[4], 2, new Object[4 + zero], 0, ~zero >>> 1));
    OPERATIONS.put("copy from null", zero -> copied(nothing(zero), 0, array(zero), 0, 1));
    OPERATIONS.put("copy to null", zero -> copied(array(zero), 0, nothing(zero), 0, 1));
    OPERATIONS.put("copy octets from null", zero -> octetsCopied(octets(zero), array(zero)));
    OPERATIONS.put("copy octets to null", zero -> octetsCopied(array(zero), octets(zero)));
    OPERATIONS.put(
        "copy octets with a sum that overflows",
        zero -> {
          byte[] to = array(zero);
          System.arraycopy(array(zero), 2, to, 0, ~zero >>> 1);
          return to;
        });
    OPERATIONS.put("length of null", zero -> octets(zero).length);
    OPERATIONS.put("octet of null", zero -> octets(zero)[0]);
    OPERATIONS.put("clone of null", zero -> octets(zero).clone());
    OPERATIONS.put("call of null", zero -> String.valueOf(nothing(zero).hashCode()));
    OPERATIONS.put(
        "throw null",
        zero -> {
          throw exception(zero);
        });
    OPERATIONS.put(
        "lock null",
        zero -> {
          synchronized (nothing(zero)) {
            return zero;
          }
        });
    OPERATIONS.put("number that is null", zero -> 1 + (Integer) nothing(zero));
    OPERATIONS.put("cast to another class", zero -> ((StringBuilder) something(zero)).length());
    OPERATIONS.put("cast to another interface", zero -> ((Runnable) something(zero)).hashCode());
    OPERATIONS.put("cast to an array", zero -> ((byte[]) something(zero)).length);
    OPERATIONS.put("number too large", zero -> (int) (1e300 + zero));
    OPERATIONS.put("long too large", zero -> (long) (1e300 + zero));
    OPERATIONS.put("not a number", zero -> (int) (Double.NaN + zero));
    OPERATIONS.put(
        "reflected array of negative length", zero -> Array.newInstance(String.class, zero - 1));
    OPERATIONS.put("copy of negative length", zero -> Arrays.copyOf(array(zero), zero - 1));
    OPERATIONS.put(
        "range that ends before it starts", zero -> Arrays.copyOfRange(array(zero), 3, zero));
    OPERATIONS.put("range from behind", zero -> Arrays.copyOfRange(array(zero), 9, zero + 12));
    OPERATIONS.put("substring behind", zero -> "abc".substring(zero + 2, 7));
    OPERATIONS.put(
        "text of octets behind",
        zero -> new String(array(zero), 2, zero + 9, StandardCharsets.UTF_8));
    OPERATIONS.put("list behind the last", zero -> List.of(1, 2).get(zero + 2));
    OPERATIONS.put("big number by zero", zero -> BigInteger.ONE.divide(BigInteger.valueOf(zero)));
  }

  private Traps() {}

  static String[] names() {
    return OPERATIONS.keySet().toArray(new String[0]);
  }

  /** Returns what came of an operation: a value, or the class of what was thrown. */
  static String outcome(String name, int zero) {
    try {
      return String.valueOf(OPERATIONS.get(name).run(zero));
    } catch (IndexOutOfBoundsException e) {
      // which of its kinds is not the same everywhere
      return "IndexOutOfBoundsException";
    } catch (RuntimeException | Error e) {
      return e.getClass().getSimpleName();
    }
  }

  private static byte[] array(int zero) {
    return new byte[zero + 4];
  }

  private static String[] objects(int zero) {
    return new String[zero + 4];
  }

  private static byte @Nullable [] octets(int zero) {
    return zero == 0 ? null : new byte[1];
  }

  private static @Nullable Object nothing(int zero) {
    return zero == 0 ? null : "something";
  }

  private static @Nullable IllegalStateException exception(int zero) {
    return zero == 0 ? null : new IllegalStateException();
  }

  private static Object something(int zero) {
    return zero == 0 ? "something" : new Object();
  }

  private static String octetsCopied(byte[] from, byte[] to) {
    System.arraycopy(from, 0, to, 0, 1);
    return "copied";
  }

  private static String copied(Object from, int at, Object to, int position, int length) {
    System.arraycopy(from, at, to, position, length);
    return "copied";
  }
}
