/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

/**
 * Collects what the plugin needs of the bridge: what is hooked, and what its own class files refer
 * to, extend and override. Read from the class files, so the list cannot fall behind the code.
 */
final class Needs {
  private static final String BRIDGE_PREFIX = "org/jitsi/";
  private static final String OWN_PREFIX = "org/perc4j/jvb/";
  private static final String SHADED_PREFIX = "org/perc4j/jvb/shaded/";
  private static final String FIELD_VALUE_SUFFIX = "/asm/Advice$FieldValue;";
  private static final String OVERRIDE_SUFFIX = "/bridge/BridgeOverride;";

  private final Set<Need> needs = new LinkedHashSet<>();
  private final Map<String, OwnClass> ownClasses = new HashMap<>();

  private Needs() {}

  /** What is in one class file of the plugin. */
  private record OwnClass(
      int access,
      @Nullable String superName,
      List<String> interfaces,
      Set<Signature> overrides,
      Set<Signature> others,
      Set<Signature> methods) {}

  /** Everything, each once. */
  static Set<Need> of(List<HookModule> modules) {
    Needs needs = new Needs();
    for (HookModule module : modules) {
      module.points().forEach(needs::point);
      module.states().forEach(state -> needs.type(state.type().replace('.', '/')));
    }
    ownClassFiles().forEach(needs::read);
    needs.ownClasses.forEach(needs::subclass);
    return needs.needs;
  }

  private void point(HookPoint point) {
    String type = point.type().replace('.', '/');
    needs.add(new Need.Hooked(type, point.method(), point.descriptor()));
    for (String field : boundFields(point.advice())) {
      needs.add(new Need.BoundField(type, field));
    }
  }

  private static boolean isOfBridge(@Nullable String internalName) {
    return internalName != null && internalName.startsWith(BRIDGE_PREFIX);
  }

  private void type(@Nullable String internalName) {
    if (internalName != null && isOfBridge(internalName)) {
      needs.add(new Need.Type(internalName));
    }
  }

  private void method(String owner, String name, String descriptor, boolean isStatic) {
    if (isOfBridge(owner)) {
      needs.add(new Need.Method(owner, name, descriptor, isStatic));
    }
  }

  // ---------------------------------------------------------------- what is referred to

  private void read(byte[] classFile) {
    new ClassReader(classFile)
        .accept(new ReferenceReader(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
  }

  private final class ReferenceReader extends ClassVisitor {
    private final Set<Signature> overrides = new HashSet<>();
    private final Set<Signature> others = new HashSet<>();
    private final Set<Signature> methods = new HashSet<>();

    ReferenceReader() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      List<String> implemented = interfaces == null ? List.of() : List.of(interfaces);
      type(superName);
      implemented.forEach(Needs.this::type);
      ownClasses.put(
          name, new OwnClass(access, superName, implemented, overrides, others, methods));
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
          type(argument.getInternalName());
        }
      }
      Signature declared = new Signature(name, descriptor);
      boolean mayOverride =
          (access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0 && !name.startsWith("<");
      if (mayOverride && (access & Opcodes.ACC_ABSTRACT) == 0) {
        methods.add(declared);
      }
      if (mayOverride && (access & Opcodes.ACC_BRIDGE) == 0) {
        others.add(declared); // the compiler's bridges stand for one that is looked at itself
      }
      return new InstructionReader(
          () -> {
            overrides.add(declared);
            others.remove(declared);
          });
    }
  }

  private final class InstructionReader extends MethodVisitor {
    private final Runnable onOverride;

    InstructionReader(Runnable onOverride) {
      super(Opcodes.ASM9);
      this.onOverride = onOverride;
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      if (descriptor.endsWith(OVERRIDE_SUFFIX)) {
        onOverride.run();
      }
      return null;
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      type(type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      if (isOfBridge(owner)) {
        boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
        needs.add(new Need.Field(owner, name, descriptor, isStatic));
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      method(owner, name, descriptor, opcode == Opcodes.INVOKESTATIC);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        if (argument instanceof Handle handle) {
          method(
              handle.getOwner(),
              handle.getName(),
              handle.getDesc(),
              handle.getTag() == Opcodes.H_INVOKESTATIC);
        }
      }
      Type made = Type.getReturnType(descriptor);
      if (made.getSort() == Type.OBJECT && arguments[0] instanceof Type implemented) {
        method(made.getInternalName(), name, implemented.getDescriptor(), false); // a lambda
      }
    }
  }

  // ---------------------------------------------------------------- what is extended

  private void subclass(String name, OwnClass declared) {
    Set<String> parents = new LinkedHashSet<>();
    Set<Signature> implemented = new HashSet<>();
    OwnClass current = declared;
    while (current != null) {
      implemented.addAll(current.methods);
      Stream.concat(current.interfaces.stream(), Stream.ofNullable(current.superName))
          .filter(Needs::isOfBridge)
          .forEach(parents::add);
      current = current.superName == null ? null : ownClasses.get(current.superName);
    }
    if (!parents.isEmpty()) {
      needs.add(
          new Need.Subclass(
              name,
              List.copyOf(parents),
              declared.overrides,
              declared.others,
              implemented,
              (declared.access & Opcodes.ACC_ABSTRACT) != 0));
    }
  }

  // ---------------------------------------------------------------- class files

  /** The fields of the hooked class that an advice binds by name. */
  private static Set<String> boundFields(Class<?> advice) {
    Set<String> fields = new LinkedHashSet<>();
    new ClassReader(classFile(advice)).accept(new BoundFieldReader(fields), ClassReader.SKIP_CODE);
    return fields;
  }

  private static final class BoundFieldReader extends ClassVisitor {
    private final Set<String> fields;

    BoundFieldReader(Set<String> fields) {
      super(Opcodes.ASM9);
      this.fields = fields;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public @Nullable AnnotationVisitor visitParameterAnnotation(
            int parameter, String type, boolean visible) {
          return type.endsWith(FIELD_VALUE_SUFFIX) ? new NameReader() : null;
        }
      };
    }

    private final class NameReader extends AnnotationVisitor {
      NameReader() {
        super(Opcodes.ASM9);
      }

      @Override
      public void visit(String key, Object value) {
        if (key.equals("value")) {
          boolean unused = fields.add((String) value);
        }
      }
    }
  }

  private static byte[] classFile(Class<?> type) {
    String resource = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("cannot read " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
