/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.bytebuddy.description.ModifierReviewable;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.compat.Need.Signature;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

/**
 * Compares what the plugin needs of the bridge with the bridge at hand, without loading a class of
 * it: every hooked method by its full descriptor, the private fields that advice binds, every
 * class, method and field of the bridge that the plugin's own class files refer to, and both sides
 * of every class of the plugin that extends or implements one of the bridge.
 */
public final class ReferenceCheck {
  private final TypePool pool;

  private ReferenceCheck(TypePool pool) {
    this.pool = pool;
  }

  /** Checks the classes that a class loader would load. */
  public static ReferenceCheck against(ClassLoader loader) {
    return against(ClassFileLocator.ForClassLoader.of(loader));
  }

  /** Checks the classes that a locator finds; those of the JDK are added. */
  public static ReferenceCheck against(ClassFileLocator locator) {
    return new ReferenceCheck(
        TypePool.Default.of(
            new ClassFileLocator.Compound(
                locator, ClassFileLocator.ForClassLoader.ofPlatformLoader())));
  }

  /** How each module fits; nothing is to be installed if any of those mismatches that has to. */
  public List<ModuleFit> fits(List<HookModule> modules) {
    Needs needs = Needs.of(modules);
    List<String> shared = mismatches(needs.shared());
    List<ModuleFit> fits = new ArrayList<>();
    for (HookModule module : modules) {
      Set<String> mismatches = new TreeSet<>(mismatches(needs.of(module)));
      if (module.isRequired()) {
        mismatches.addAll(shared);
      }
      fits.add(new ModuleFit(module, points(module, needs), List.copyOf(mismatches)));
    }
    return fits;
  }

  private List<HookPoint> points(HookModule module, Needs needs) {
    return module.hooks().stream()
        .flatMap(hook -> hook.alternatives().stream())
        .filter(point -> mismatches(needs.of(point)).isEmpty())
        .toList();
  }

  /** One sentence for each thing that is not as expected: class, member, what was expected. */
  List<String> mismatches(Set<Need> needs) {
    Set<String> mismatches = new TreeSet<>();
    for (Need need : needs) {
      if (need instanceof Need.Type type) {
        var unused = describe(type.owner(), mismatches);
      } else if (need instanceof Need.Hooked method) {
        check(method, mismatches);
      } else if (need instanceof Need.Method method) {
        check(method, mismatches);
      } else if (need instanceof Need.Field field) {
        check(field, mismatches);
      } else if (need instanceof Need.BoundField field) {
        check(field, mismatches);
      } else if (need instanceof Need.Subclass subclass) {
        check(subclass, mismatches);
      } else if (need instanceof Need.OneOf oneOf) {
        check(oneOf, mismatches);
      }
    }
    return new ArrayList<>(mismatches);
  }

  private void check(Need.OneOf oneOf, Set<String> mismatches) {
    List<List<String>> of = oneOf.alternatives().stream().map(this::mismatches).toList();
    long fitting = of.stream().filter(List::isEmpty).count();
    if (fitting == 0) {
      mismatches.add(
          of.stream().map(each -> String.join(" and ", each)).collect(Collectors.joining("; or ")));
    } else if (fitting > 1) {
      mismatches.add(oneOf.what() + ": expected one of " + of.size() + " ways, found " + fitting);
    }
  }

  private void check(Need.Hooked method, Set<String> mismatches) {
    TypeDescription type = describe(method.owner(), mismatches);
    Signature signature = new Signature(method.name(), method.descriptor());
    if (type != null
        && declared(Set.of(type), signature).stream().allMatch(MethodDescription::isAbstract)) {
      mismatches.add(dotted(method.owner()) + ": expected a method " + signature + " of its own");
    }
  }

  private void check(Need.Method method, Set<String> mismatches) {
    TypeDescription type = describe(method.owner(), mismatches);
    if (type == null) {
      return;
    }
    boolean isConstructor = method.name().equals(MethodDescription.CONSTRUCTOR_INTERNAL_NAME);
    Signature signature = new Signature(method.name(), method.descriptor());
    if (declared(isConstructor ? Set.of(type) : ancestors(type), signature).stream()
        .noneMatch(each -> isAsExpected(each, method.isStatic()))) {
      mismatches.add(
          dotted(method.owner()) + ": expected a method " + kind(method.isStatic()) + signature);
    }
  }

  private void check(Need.Field field, Set<String> mismatches) {
    TypeDescription type = describe(field.owner(), mismatches);
    if (type != null
        && ancestors(type).stream()
            .flatMap(each -> each.getDeclaredFields().stream())
            .filter(each -> isAsExpected(each, field.isStatic()))
            .noneMatch(
                each ->
                    each.getName().equals(field.name())
                        && each.getDescriptor().equals(field.descriptor()))) {
      mismatches.add(
          dotted(field.owner())
              + ": expected a field "
              + kind(field.isStatic())
              + field.name()
              + " "
              + field.descriptor());
    }
  }

  /** Whether others can use it, and in the way in which they do. */
  private static boolean isAsExpected(
      ModifierReviewable.OfByteCodeElement member, boolean isStatic) {
    return !member.isPrivate() && member.isStatic() == isStatic;
  }

  private static String kind(boolean isStatic) {
    return isStatic ? "static " : "";
  }

  private void check(Need.BoundField field, Set<String> mismatches) {
    TypeDescription type = describe(field.owner(), new TreeSet<>());
    if (type != null
        && type.getDeclaredFields().stream()
            .noneMatch(each -> each.getName().equals(field.name()))) {
      mismatches.add(dotted(field.owner()) + ": expected a field named " + field.name());
    }
  }

  // ---------------------------------------------------------------- what is extended

  private void check(Need.Subclass subclass, Set<String> mismatches) {
    Set<TypeDescription> above = new LinkedHashSet<>();
    for (String parent : subclass.parents()) {
      TypeDescription type = describe(parent, mismatches);
      if (type != null) {
        above.addAll(ancestors(type));
        if (type.isFinal()) {
          mismatches.add(
              dotted(parent) + ": expected a class that " + name(subclass) + " can extend");
        }
      }
    }
    if (above.isEmpty()) {
      return;
    }
    for (Signature signature : subclass.overrides()) {
      List<MethodDescription> overridden = declared(above, signature);
      if (overridden.isEmpty()) {
        mismatches.add(
            dotted(subclass.parents().get(0))
                + ": expected a method "
                + signature
                + ", which "
                + name(subclass)
                + " overrides");
      }
      for (MethodDescription method : overridden) {
        if (method.isFinal() || method.isPrivate() || method.isStatic()) {
          mismatches.add(
              typeOf(method)
                  + ": expected that "
                  + signature
                  + " can be overridden, as "
                  + name(subclass)
                  + " does");
        }
      }
    }
    for (Signature signature : subclass.others()) {
      for (MethodDescription method : declared(above, signature)) {
        if (!method.isPrivate() && Needs.isOfBridge(typeOf(method).replace('.', '/'))) {
          mismatches.add(
              typeOf(method)
                  + ": expected no method "
                  + signature
                  + ", which "
                  + name(subclass)
                  + " would override by chance");
        }
      }
    }
    if (!subclass.isAbstract()) {
      checkNothingAbstract(subclass, above, mismatches);
    }
  }

  private static void checkNothingAbstract(
      Need.Subclass subclass, Set<TypeDescription> above, Set<String> mismatches) {
    for (TypeDescription type : above) {
      for (MethodDescription method : type.getDeclaredMethods()) {
        Signature signature = new Signature(method.getInternalName(), method.getDescriptor());
        if (method.isAbstract()
            && !subclass.implemented().contains(signature)
            && declared(above, signature).stream().allMatch(MethodDescription::isAbstract)) {
          mismatches.add(
              typeOf(method)
                  + ": expected no abstract method "
                  + signature
                  + ", which "
                  + name(subclass)
                  + " does not have");
        }
      }
    }
  }

  private static String name(Need.Subclass subclass) {
    return dotted(subclass.own());
  }

  private static String typeOf(MethodDescription method) {
    return method.getDeclaringType().asErasure().getName();
  }

  // ---------------------------------------------------------------- the bridge's classes

  private @Nullable TypeDescription describe(String internalName, Set<String> mismatches) {
    TypePool.Resolution resolution = pool.describe(dotted(internalName));
    if (!resolution.isResolved()) {
      mismatches.add(dotted(internalName) + ": expected this class");
      return null;
    }
    return resolution.resolve();
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }

  /** A class, those that it extends, and all interfaces. */
  private static Set<TypeDescription> ancestors(TypeDescription type) {
    Set<TypeDescription> all = new LinkedHashSet<>();
    for (TypeDefinition current : type) {
      addWithInterfaces(current.asErasure(), all);
    }
    return all;
  }

  private static void addWithInterfaces(TypeDescription type, Set<TypeDescription> all) {
    if (all.add(type)) {
      type.getInterfaces().asErasures().forEach(each -> addWithInterfaces(each, all));
    }
  }

  private static List<MethodDescription> declared(Set<TypeDescription> types, Signature signature) {
    List<MethodDescription> found = new ArrayList<>();
    for (TypeDescription type : types) {
      for (MethodDescription method : type.getDeclaredMethods()) {
        if (method.getInternalName().equals(signature.name())
            && hasDescriptor(method, signature.descriptor())) {
          found.add(method);
        }
      }
    }
    return found;
  }

  /** A method whose types are not all there is another one. */
  private static boolean hasDescriptor(MethodDescription method, String descriptor) {
    try {
      return method.getDescriptor().equals(descriptor);
    } catch (TypePool.Resolution.NoSuchTypeException e) {
      return false;
    }
  }
}
