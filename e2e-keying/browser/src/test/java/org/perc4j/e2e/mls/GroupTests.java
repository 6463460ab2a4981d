/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs tests of the core where there is no JUnit: those below, each as a test of its own. */
public final class GroupTests {
  private static final List<Class<?>> CLASSES =
      List.of(
          HostileCommitTest.class,
          HostileJoinTest.class,
          HostileAnnouncementTest.class,
          MessageCheckTest.class,
          MlsGroupTest.class,
          GroupAnswerTest.class,
          ShownMarkTest.class,
          GroupPolicyTest.class);

  /** These, and what one of them calls, have the JDK's cryptography for a witness. */
  private static final Set<String> OF_THE_JVM =
      Set.of(
          "exporterSecretLeadsToWhatMlsExporterGives",
          "expandWithLabel",
          "theSignatureIsThatOfMls");

  private GroupTests() {}

  /** Whether a method can be called where there is no JVM. */
  public static boolean isForAll(String method) {
    return !OF_THE_JVM.contains(method);
  }

  /** Returns the names of all. */
  public static String[] names() {
    List<String> names = new ArrayList<>();
    for (Class<?> type : CLASSES) {
      for (Method method : type.getDeclaredMethods()) {
        if (!isForAll(method.getName())) {
          continue;
        }
        String name = type.getSimpleName() + "." + method.getName();
        ValueSource values = method.getAnnotation(ValueSource.class);
        if (values != null) {
          for (String value : values.strings()) {
            names.add(name + " " + value);
          }
        } else if (method.isAnnotationPresent(Test.class)) {
          names.add(name);
        }
      }
    }
    return names.stream().sorted().toArray(String[]::new);
  }

  /**
   * Runs one.
   *
   * @return what is wrong, or the empty text
   */
  public static String run(String name) {
    try {
      for (Class<?> type : CLASSES) {
        if (name.startsWith(type.getSimpleName() + ".")) {
          run(type, name.substring(type.getSimpleName().length() + 1));
          return "";
        }
      }
      return "there is none";
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    } catch (ReflectiveOperationException e) {
      return String.valueOf(e);
    }
  }

  private static void run(Class<?> type, String call) throws ReflectiveOperationException {
    int space = call.indexOf(' ');
    String name = space < 0 ? call : call.substring(0, space);
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object test = constructor.newInstance();
    Method[] methods = type.getDeclaredMethods();
    for (Method each : methods) {
      if (each.isAnnotationPresent(BeforeEach.class)) {
        invoke(each, test);
      }
    }
    int runs = 0;
    for (Method each : methods) {
      if (each.getName().equals(name)
          && (each.isAnnotationPresent(Test.class)
              || each.isAnnotationPresent(ValueSource.class))) {
        runs++;
        if (space < 0) {
          invoke(each, test);
        } else {
          invoke(each, test, call.substring(space + 1));
        }
      }
    }
    if (runs != 1) {
      throw new NoSuchMethodException(name);
    }
    for (Method each : methods) {
      if (each.isAnnotationPresent(AfterEach.class)) {
        invoke(each, test);
      }
    }
  }

  private static void invoke(Method method, Object test, Object... arguments)
      throws ReflectiveOperationException {
    method.setAccessible(true);
    Object unused = method.invoke(test, arguments);
  }
}
