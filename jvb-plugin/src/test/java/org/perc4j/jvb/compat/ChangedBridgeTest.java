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
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.perc4j.jvb.agent.HookModules;
import org.perc4j.jvb.compat.Need.Signature;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookPoint;

/**
 * A later bridge that lacks, or has otherwise, any one thing that the plugin needs is noticed: each
 * of them in turn, in a copy of the installed bridge's class files.
 */
class ChangedBridgeTest {
  private static ClassFileLocator bridge = ClassFileLocator.NoOp.INSTANCE;

  @BeforeAll
  static void findTheBridge() {
    bridge = ClassFileLocator.ForClassLoader.of(InstalledBridge.require().classes());
  }

  /**
   * Something that is needed.
   *
   * @param need what
   * @param whole the need that it is part of: where there are alternatives, all of them
   */
  private record Needed<T extends Need>(T need, Need whole) {}

  /** Everything of a kind that is needed of this bridge. */
  private static <T extends Need> List<Needed<T>> needs(Class<T> kind) {
    return all()
        .flatMap(whole -> parts(whole).map(need -> new Needed<>(need, whole)))
        .filter(needed -> kind.isInstance(needed.need()))
        .map(needed -> new Needed<>(kind.cast(needed.need()), needed.whole()))
        .toList();
  }

  private static Stream<Need> all() {
    Needs needs = Needs.of(HookModules.all());
    return Stream.concat(
            needs.shared().stream(),
            HookModules.all().stream().flatMap(module -> needs.of(module).stream()))
        .distinct();
  }

  /** Of alternatives, those that this bridge has. */
  private static Stream<Need> parts(Need whole) {
    return whole instanceof Need.OneOf oneOf
        ? oneOf.alternatives().stream()
            .filter(all -> ReferenceCheck.against(bridge).mismatches(all).isEmpty())
            .flatMap(Set::stream)
        : Stream.of(whole);
  }

  @Test
  void thereIsSomethingOfEachKind() {
    assertTrue(needs(Need.Hooked.class).size() >= 30);
    assertTrue(needs(Need.Method.class).size() >= 50);
    assertTrue(!needs(Need.Field.class).isEmpty() || !needs(Need.BoundField.class).isEmpty());
    assertTrue(
        needs(Need.Subclass.class).stream().mapToInt(each -> each.need().overrides().size()).sum()
            >= 12);
    assertTrue(all().filter(Need.OneOf.class::isInstance).count() >= 5);
  }

  @TestFactory
  Stream<DynamicTest> noticesAClassThatIsMissing() {
    return needs(Need.Type.class).stream()
        .map(
            needed ->
                test(
                    needed.need().owner(),
                    needed.whole(),
                    needed.need().owner(),
                    ClassChange.MISSING));
  }

  @TestFactory
  Stream<DynamicTest> noticesAHookedMethodThatIsAnother() {
    return needs(Need.Hooked.class).stream()
        .flatMap(
            needed -> {
              Need.Hooked need = needed.need();
              return another(needed, need.owner(), new Signature(need.name(), need.descriptor()));
            });
  }

  @TestFactory
  Stream<DynamicTest> noticesACalledMethodThatIsAnother() {
    return needs(Need.Method.class).stream()
        .filter(needed -> !isOfTheJdk(signature(needed.need())))
        .flatMap(
            needed -> {
              Need whole = needed.whole();
              Signature signature = signature(needed.need());
              String what = needed.need().owner() + " " + signature;
              return Stream.concat(
                  another(needed, null, signature),
                  Stream.of(
                      test(what + " private", whole, null, turned(signature, Opcodes.ACC_PRIVATE)),
                      test(what + " static", whole, null, turned(signature, Opcodes.ACC_STATIC))));
            });
  }

  private static Signature signature(Need.Method method) {
    return new Signature(method.name(), method.descriptor());
  }

  /** It has another name, or another parameter. */
  private static Stream<DynamicTest> another(
      Needed<?> needed, @Nullable String where, Signature signature) {
    String descriptor = signature.descriptor().replace("(", "(D");
    return Stream.of(
            new Signature("renamed", signature.descriptor()),
            new Signature(signature.name(), descriptor))
        .map(
            to ->
                test(
                    needed.need() + ": " + to,
                    needed.whole(),
                    where,
                    onMethod(signature, to, 0, 0)));
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
            .map(
                needed ->
                    test(
                        needed.need().toString(),
                        needed.whole(),
                        null,
                        fieldRenamed(needed.need().name()))),
        needs(Need.BoundField.class).stream()
            .map(
                needed ->
                    test(
                        needed.need().toString(),
                        needed.whole(),
                        needed.need().owner(),
                        fieldRenamed(needed.need().name()))));
  }

  @TestFactory
  Stream<DynamicTest> noticesAnOverriddenMethodThatIsAnother() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Needed<Need.Subclass> needed : needs(Need.Subclass.class)) {
      for (Signature signature : needed.need().overrides()) {
        String what = needed.need().own() + " " + signature;
        another(needed, null, signature).forEach(tests::add);
        tests.add(
            test(what + " final", needed.whole(), null, turned(signature, Opcodes.ACC_FINAL)));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> noticesWhatIsNewInAClassThatIsExtended() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Needed<Need.Subclass> needed : needs(Need.Subclass.class)) {
      Need.Subclass need = needed.need();
      Need whole = needed.whole();
      for (String parent : need.parents()) {
        String what = need.own() + " of " + parent;
        if (!need.isAbstract()) {
          tests.add(
              test(
                  what + ": abstract",
                  whole,
                  parent,
                  added(Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, new Signature("late", "()V"))));
        }
        for (Signature other : need.others()) {
          tests.add(test(what + ": " + other, whole, parent, added(Opcodes.ACC_PUBLIC, other)));
        }
      }
    }
    return tests.stream();
  }

  /** Of a hook's alternatives, a bridge that fits has exactly one. */
  @TestFactory
  Stream<DynamicTest> noticesASecondMethodForOneHook() {
    return HookModules.all().stream()
        .flatMap(module -> module.hooks().stream())
        .filter(hook -> hook.alternatives().size() > 1)
        .filter(ChangedBridgeTest::canHaveAll)
        .map(
            hook ->
                DynamicTest.dynamicTest(
                    hook.alternatives().get(0).toString(), () -> noticesASecondMethodFor(hook)));
  }

  /** Whether this bridge has the classes that all its alternatives name. */
  private static boolean canHaveAll(Hook hook) {
    return hook.alternatives().stream()
        .map(point -> Type.getReturnType(point.descriptor()))
        .filter(type -> type.getSort() == Type.OBJECT)
        .allMatch(type -> TypePool.Default.of(bridge).describe(type.getClassName()).isResolved());
  }

  private static void noticesASecondMethodFor(Hook hook) {
    Needs needs = Needs.of(HookModules.all());
    List<Set<Need>> alternatives = hook.alternatives().stream().map(needs::of).toList();
    ClassFileLocator changed = bridge;
    for (HookPoint point : hook.alternatives()) {
      if (!ReferenceCheck.against(bridge).mismatches(needs.of(point)).isEmpty()) {
        changed =
            new ChangedLocator(
                changed,
                point.type().replace('.', '/'),
                added(Opcodes.ACC_PUBLIC, new Signature(point.method(), point.descriptor())));
      }
    }
    List<String> mismatches =
        ReferenceCheck.against(changed).mismatches(Set.of(new Need.OneOf("a hook", alternatives)));
    assertEquals(List.of("a hook: expected one of 2 ways, found 2"), mismatches);
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
          ClassFileLocator changed = new ChangedLocator(bridge, where, change);
          assertNotEquals(
              List.of(), ReferenceCheck.against(changed).mismatches(Set.of(need)), name);
        });
  }

  /** The bridge's classes, one or all of which are changed. */
  private record ChangedLocator(
      ClassFileLocator unchanged, @Nullable String where, ClassChange change)
      implements ClassFileLocator {
    @Override
    public Resolution locate(String name) throws IOException {
      Resolution original = unchanged.locate(name);
      boolean meant =
          where == null
              ? Needs.isOfBridge(name.replace('.', '/'))
              : name.replace('.', '/').equals(where);
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
