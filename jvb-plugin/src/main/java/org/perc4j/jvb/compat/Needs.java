/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.compat.Need.Signature;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

/**
 * Collects what the plugin needs of the bridge: what is hooked, and what its own class files refer
 * to, extend and override. Read from the class files, so the list cannot fall behind the code. What
 * is in the package of a hook module is needed by that module only.
 */
final class Needs {
  private static final String OWN_PREFIX = "org/perc4j/jvb/";
  private static final String SHADED_PREFIX = "org/perc4j/jvb/shaded/";
  private static final String FIELD_VALUE_SUFFIX = "/asm/Advice$FieldValue;";
  private static final String OVERRIDE_SUFFIX = "/bridge/BridgeOverride;";
  private static final String ALTERNATIVE_SUFFIX = "/bridge/BridgeAlternative;";

  /** Where the names of classes begin that the bridge brings along. */
  private static final List<String> BRIDGE_PREFIXES =
      List.of("org/jitsi/", "com/fasterxml/jackson/", "org/json/simple/", "kotlin/");

  private final Map<String, OwnClass> ownClasses = new TreeMap<>();
  private final List<String> modulePackages;

  private Needs(List<HookModule> modules) {
    modulePackages = modules.stream().map(Needs::internalPackage).toList();
    for (byte[] file : ownClassFiles()) {
      OwnClass own = new OwnClass();
      new ClassReader(file)
          .accept(new ReferenceReader(own), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      ownClasses.put(own.name, own);
    }
  }

  /** Collects what these modules need, and what all of them share. */
  static Needs of(List<HookModule> modules) {
    return new Needs(modules);
  }

  /** What is needed whatever modules are installed. */
  Set<Need> shared() {
    return ofClasses(own -> modulePackages.stream().noneMatch(own.name::startsWith));
  }

  /** What a module needs besides. */
  Set<Need> of(HookModule module) {
    Set<Need> needs = new LinkedHashSet<>();
    for (Hook hook : module.hooks()) {
      List<Set<Need>> alternatives = hook.alternatives().stream().map(this::of).toList();
      if (alternatives.size() == 1) {
        needs.addAll(alternatives.get(0));
      } else {
        needs.add(new Need.OneOf(hook.alternatives().get(0).toString(), alternatives));
      }
    }
    for (AddedState state : module.states()) {
      needs.add(new Need.Type(internal(state.type())));
    }
    needs.addAll(ofClasses(own -> own.name.startsWith(internalPackage(module))));
    return needs;
  }

  /** What one hook point needs. */
  Set<Need> of(HookPoint point) {
    Set<Need> needs = new LinkedHashSet<>();
    String type = internal(point.type());
    needs.add(new Need.Hooked(type, point.method(), point.descriptor()));
    OwnClass advice = ownClasses.get(internal(point.advice().getName()));
    if (advice == null) {
      throw new IllegalStateException("cannot read " + point.advice());
    }
    for (String field : advice.boundFields) {
      needs.add(new Need.BoundField(type, field));
    }
    return needs;
  }

  private Set<Need> ofClasses(Predicate<OwnClass> which) {
    Set<Need> needs = new LinkedHashSet<>();
    Map<String, List<Set<Need>>> alternatives = new TreeMap<>();
    for (OwnClass own : ownClasses.values()) {
      if (which.test(own)) {
        Set<Need> all = new LinkedHashSet<>(own.references);
        subclass(own).ifPresent(all::add);
        if (own.alternative == null) {
          needs.addAll(all);
        } else {
          alternatives.computeIfAbsent(own.alternative, what -> new ArrayList<>()).add(all);
        }
      }
    }
    alternatives.forEach((what, all) -> needs.add(new Need.OneOf(what, all)));
    return needs;
  }

  private static String internal(String className) {
    return className.replace('.', '/');
  }

  private static String internalPackage(HookModule module) {
    return internal(module.getClass().getPackageName()) + "/";
  }

  /** Whether a class is the bridge's, or of a library that it brings along. */
  static boolean isOfBridge(@Nullable String internalName) {
    return internalName != null && BRIDGE_PREFIXES.stream().anyMatch(internalName::startsWith);
  }

  // ---------------------------------------------------------------- what is referred to

  /** What is in one class file of the plugin. */
  private static final class OwnClass {
    String name = "";
    boolean isAbstract;
    @Nullable String superName;
    List<String> interfaces = List.of();

    /** For what it is one of several; null if it is needed itself. */
    @Nullable String alternative;

    final Set<Need> references = new LinkedHashSet<>();

    /** If it is an advice, the fields of the hooked class that it binds by name. */
    final Set<String> boundFields = new LinkedHashSet<>();

    final Set<Signature> overrides = new LinkedHashSet<>();
    final Set<Signature> others = new LinkedHashSet<>();
    final Set<Signature> methods = new LinkedHashSet<>();

    void refersToType(@Nullable String internalName) {
      if (internalName != null && isOfBridge(internalName)) {
        references.add(new Need.Type(internalName));
      }
    }

    void refersToMethod(String owner, String name, String descriptor, boolean isStatic) {
      if (isOfBridge(owner)) {
        references.add(new Need.Method(owner, name, descriptor, isStatic));
      }
    }
  }

  private static final class ReferenceReader extends ClassVisitor {
    private final OwnClass own;

    ReferenceReader(OwnClass own) {
      super(Opcodes.ASM9);
      this.own = own;
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      own.name = name;
      own.isAbstract = (access & Opcodes.ACC_ABSTRACT) != 0;
      own.superName = superName;
      own.interfaces = interfaces == null ? List.of() : List.of(interfaces);
      own.refersToType(superName);
      own.interfaces.forEach(own::refersToType);
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      return descriptor.endsWith(ALTERNATIVE_SUFFIX)
          ? new ValueReader(value -> own.alternative = value)
          : null;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      for (Type argument : Type.getArgumentTypes(descriptor)) {
        if (argument.getSort() == Type.OBJECT) {
          own.refersToType(argument.getInternalName());
        }
      }
      Signature declared = new Signature(name, descriptor);
      boolean mayOverride =
          (access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0 && !name.startsWith("<");
      if (mayOverride && (access & Opcodes.ACC_ABSTRACT) == 0) {
        own.methods.add(declared);
      }
      if (mayOverride && (access & Opcodes.ACC_BRIDGE) == 0) {
        own.others.add(declared); // the compiler's bridges stand for one that is looked at itself
      }
      return new InstructionReader(own, declared);
    }
  }

  private static final class InstructionReader extends MethodVisitor {
    private final OwnClass own;
    private final Signature declared;

    InstructionReader(OwnClass own, Signature declared) {
      super(Opcodes.ASM9);
      this.own = own;
      this.declared = declared;
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      if (descriptor.endsWith(OVERRIDE_SUFFIX)) {
        own.overrides.add(declared);
        own.others.remove(declared);
      }
      return null;
    }

    @Override
    public @Nullable AnnotationVisitor visitParameterAnnotation(
        int parameter, String type, boolean visible) {
      return type.endsWith(FIELD_VALUE_SUFFIX) ? new ValueReader(own.boundFields::add) : null;
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      own.refersToType(type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      if (isOfBridge(owner)) {
        boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
        own.references.add(new Need.Field(owner, name, descriptor, isStatic));
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      own.refersToMethod(owner, name, descriptor, opcode == Opcodes.INVOKESTATIC);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        if (argument instanceof Handle handle) {
          own.refersToMethod(
              handle.getOwner(),
              handle.getName(),
              handle.getDesc(),
              handle.getTag() == Opcodes.H_INVOKESTATIC);
        }
      }
      Type made = Type.getReturnType(descriptor);
      if (made.getSort() == Type.OBJECT && arguments[0] instanceof Type implemented) {
        // a lambda
        own.refersToMethod(made.getInternalName(), name, implemented.getDescriptor(), false);
      }
    }
  }

  /** Reads an annotation's only value. */
  private static final class ValueReader extends AnnotationVisitor {
    private final Consumer<String> onValue;

    ValueReader(Consumer<String> onValue) {
      super(Opcodes.ASM9);
      this.onValue = onValue;
    }

    @Override
    public void visit(String key, Object value) {
      if (key.equals("value")) {
        onValue.accept((String) value);
      }
    }
  }

  // ---------------------------------------------------------------- what is extended

  private Optional<Need> subclass(OwnClass declared) {
    Set<String> parents = new LinkedHashSet<>();
    Set<Signature> implemented = new LinkedHashSet<>();
    OwnClass current = declared;
    while (current != null) {
      implemented.addAll(current.methods);
      Stream.concat(current.interfaces.stream(), Stream.ofNullable(current.superName))
          .filter(Needs::isOfBridge)
          .forEach(parents::add);
      current = current.superName == null ? null : ownClasses.get(current.superName);
    }
    return parents.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Need.Subclass(
                declared.name,
                List.copyOf(parents),
                declared.overrides,
                declared.others,
                implemented,
                declared.isAbstract));
  }

  // ---------------------------------------------------------------- class files

  /** The plugin's class files, from its jar or, in a build, from its folder. */
  private static List<byte[]> ownClassFiles() {
    try {
      Path place = Path.of(Needs.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return classFiles(place.resolve(OWN_PREFIX));
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return classFiles(jar.getPath(OWN_PREFIX));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<byte[]> classFiles(Path root) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        String name = path.toString();
        if (name.endsWith(".class") && !name.contains(SHADED_PREFIX)) {
          files.add(Files.readAllBytes(path));
        }
      }
    }
    return files;
  }
}
