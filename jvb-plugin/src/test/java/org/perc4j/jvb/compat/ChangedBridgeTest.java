/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.perc4j.jvb.agent.HookModules;
import org.perc4j.jvb.compat.Need.Signature;

/**
 * A later bridge that lacks, or has otherwise, any one thing that the plugin needs is noticed: each
 * of them in turn, in a copy of the installed bridge's class files.
 */
class ChangedBridgeTest {
  private static ClassFileLocator bridge = ClassFileLocator.NoOp.INSTANCE;

  @BeforeAll
  static void findTheBridge() {
    bridge = ClassFileLocator.ForClassLoader.of(InstalledBridge.requireClasses());
  }

  private static <T extends Need> List<T> needs(Class<T> kind) {
    return Needs.of(HookModules.all()).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void thereIsSomethingOfEachKind() {
    assertTrue(needs(Need.Hooked.class).size() >= 30);
    assertTrue(needs(Need.Method.class).size() >= 50);
    assertTrue(!needs(Need.Field.class).isEmpty() || !needs(Need.BoundField.class).isEmpty());
    assertTrue(
        needs(Need.Subclass.class).stream().mapToInt(each -> each.overrides().size()).sum() >= 12);
  }

  @TestFactory
  Stream<DynamicTest> noticesAClassThatIsMissing() {
    return needs(Need.Type.class).stream()
        .map(need -> test(need.owner(), need, need.owner(), ClassChange.MISSING));
  }

  @TestFactory
  Stream<DynamicTest> noticesAHookedMethodThatIsAnother() {
    return needs(Need.Hooked.class).stream()
        .flatMap(
            need -> another(need, need.owner(), new Signature(need.name(), need.descriptor())));
  }

  @TestFactory
  Stream<DynamicTest> noticesACalledMethodThatIsAnother() {
    return needs(Need.Method.class).stream()
        .filter(need -> !isOfTheJdk(new Signature(need.name(), need.descriptor())))
        .flatMap(
            need -> {
              Signature signature = new Signature(need.name(), need.descriptor());
              String what = need.owner() + " " + signature;
              return Stream.concat(
                  another(need, null, signature),
                  Stream.of(
                      test(what + " private", need, null, turned(signature, Opcodes.ACC_PRIVATE)),
                      test(what + " static", need, null, turned(signature, Opcodes.ACC_STATIC))));
            });
  }

  /** It has another name, or another parameter. */
  private static Stream<DynamicTest> another(
      Need need, @Nullable String where, Signature signature) {
    String descriptor = signature.descriptor().replace("(", "(D");
    return Stream.of(
            new Signature("renamed", signature.descriptor()),
            new Signature(signature.name(), descriptor))
        .map(to -> test(need + ": " + to, need, where, onMethod(signature, to, 0, 0)));
  }

  /** Whether every class, or every enum, has it: no bridge can lack it. */
  private static boolean isOfTheJdk(Signature signature) {
    return Stream.of(Object.class, Enum.class)
        .flatMap(type -> Stream.of(type.getMethods()))
        .anyMatch(
            method ->
                method.getName().equals(signature.name())
                    && Type.getMethodDescriptor(method).equals(signature.descriptor()));
  }

  @TestFactory
  Stream<DynamicTest> noticesAFieldThatIsAnother() {
    return Stream.concat(
        needs(Need.Field.class).stream()
            .map(need -> test(need.toString(), need, null, fieldRenamed(need.name()))),
        needs(Need.BoundField.class).stream()
            .map(need -> test(need.toString(), need, need.owner(), fieldRenamed(need.name()))));
  }

  @TestFactory
  Stream<DynamicTest> noticesAnOverriddenMethodThatIsAnother() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Need.Subclass need : needs(Need.Subclass.class)) {
      for (Signature signature : need.overrides()) {
        String what = need.own() + " " + signature;
        another(need, null, signature).forEach(tests::add);
        tests.add(test(what + " final", need, null, turned(signature, Opcodes.ACC_FINAL)));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> noticesWhatIsNewInAClassThatIsExtended() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Need.Subclass need : needs(Need.Subclass.class)) {
      for (String parent : need.parents()) {
        String what = need.own() + " of " + parent;
        if (!need.isAbstract()) {
          tests.add(
              test(
                  what + ": abstract",
                  need,
                  parent,
                  added(Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, new Signature("late", "()V"))));
        }
        for (Signature other : need.others()) {
          tests.add(test(what + ": " + other, need, parent, added(Opcodes.ACC_PUBLIC, other)));
        }
      }
    }
    return tests.stream();
  }

  // ---------------------------------------------------------------- changes

  /** Makes a class file another one. */
  private interface ClassChange {
    /** There is no such class. */
    ClassChange MISSING = next -> null;

    @Nullable ClassVisitor of(ClassVisitor next);
  }

  /** Has this flag where it had not, and the other way round. */
  private static ClassChange turned(Signature signature, int flag) {
    int cleared = flag == Opcodes.ACC_PRIVATE ? Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED : 0;
    return onMethod(signature, signature, flag, cleared);
  }

  private static ClassChange onMethod(Signature of, Signature to, int turned, int cleared) {
    return next ->
        new ClassVisitor(Opcodes.ASM9, next) {
          @Override
          public MethodVisitor visitMethod(
              int flags,
              String name,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            boolean found = name.equals(of.name()) && descriptor.equals(of.descriptor());
            return super.visitMethod(
                found ? (flags ^ turned) & ~cleared : flags,
                found ? to.name() : name,
                found ? to.descriptor() : descriptor,
                null,
                exceptions);
          }
        };
  }

  private static ClassChange fieldRenamed(String of) {
    return next ->
        new ClassVisitor(Opcodes.ASM9, next) {
          @Override
          public FieldVisitor visitField(
              int access,
              String name,
              String descriptor,
              @Nullable String signature,
              @Nullable Object value) {
            String now = name.equals(of) ? "renamed" : name;
            return super.visitField(access, now, descriptor, signature, value);
          }
        };
  }

  private static ClassChange added(int access, Signature method) {
    return next ->
        new ClassVisitor(Opcodes.ASM9, next) {
          @Override
          public void visitEnd() {
            MethodVisitor added =
                super.visitMethod(access, method.name(), method.descriptor(), null, null);
            added.visitEnd();
            super.visitEnd();
          }
        };
  }

  // ---------------------------------------------------------------- the check

  /**
   * A test of one change.
   *
   * @param where the class that is changed, by its internal name; null for all of the bridge's
   */
  private static DynamicTest test(
      String name, Need need, @Nullable String where, ClassChange change) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          assertEquals(List.of(), ReferenceCheck.against(bridge).mismatches(Set.of(need)));
          ClassFileLocator changed = new ChangedLocator(where, change);
          assertNotEquals(
              List.of(), ReferenceCheck.against(changed).mismatches(Set.of(need)), name);
        });
  }

  /** The bridge's classes, one or all of which are changed. */
  private record ChangedLocator(@Nullable String where, ClassChange change)
      implements ClassFileLocator {
    @Override
    public Resolution locate(String name) throws IOException {
      Resolution original = bridge.locate(name);
      boolean meant =
          where == null ? name.startsWith("org.jitsi.") : name.replace('.', '/').equals(where);
      if (!meant || !original.isResolved()) {
        return original;
      }
      ClassWriter writer = new ClassWriter(0);
      ClassVisitor visitor = change.of(writer);
      if (visitor == null) {
        return new Resolution.Illegal(name);
      }
      new ClassReader(original.resolve())
          .accept(visitor, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
      return new Resolution.Explicit(writer.toByteArray());
    }

    @Override
    public void close() {}
  }
}
