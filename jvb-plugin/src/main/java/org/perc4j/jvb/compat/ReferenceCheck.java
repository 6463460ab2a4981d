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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.bytebuddy.description.field.FieldDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.HookInstaller;
import org.perc4j.jvb.hook.HookPoint;

/**
 * Compares what the plugin needs of the bridge with the bridge at hand, without loading a class of
 * it: every hooked method by its full descriptor, the private fields that advice binds, and every
 * class, method and field of the bridge that the plugin's own class files refer to. The latter are
 * read from the class files, so the list cannot fall behind the code.
 */
public final class ReferenceCheck {
  private static final String BRIDGE_PREFIX = "org/jitsi/";
  private static final String OWN_PREFIX = "org/perc4j/jvb/";
  private static final String SHADED_PREFIX = "org/perc4j/jvb/shaded/";
  private static final String FIELD_VALUE_SUFFIX = "/asm/Advice$FieldValue;";

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

  /** One sentence for each thing that is not as expected: class, member, what was expected. */
  public List<String> mismatches(List<HookPoint> hooks) {
    Set<String> mismatches = new TreeSet<>();
    for (HookPoint hook : hooks) {
      checkMethod(hook.type().replace('.', '/'), hook.method(), hook.descriptor(), mismatches);
      for (String field : boundFields(hook.advice())) {
        TypeDescription type = describe(hook.type().replace('.', '/'), new TreeSet<>());
        if (type != null
            && type.getDeclaredFields().stream().noneMatch(f -> f.getName().equals(field))) {
          mismatches.add(hook.type() + ": expected a field named " + field);
        }
      }
    }
    for (String holder : HookInstaller.holders()) {
      var unused = describe(holder.replace('.', '/'), mismatches);
    }
    for (byte[] classFile : ownClassFiles()) {
      checkReferences(classFile, mismatches);
    }
    return new ArrayList<>(mismatches);
  }

  /** Checks everything of the bridge that one class file refers to. */
  private void checkReferences(byte[] classFile, Set<String> mismatches) {
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  @Nullable String signature,
                  @Nullable String superName,
                  String @Nullable [] interfaces) {
                checkType(superName, mismatches);
                if (interfaces != null) {
                  for (String type : interfaces) {
                    checkType(type, mismatches);
                  }
                }
              }

              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  @Nullable String signature,
                  String @Nullable [] exceptions) {
                checkDescriptor(descriptor, mismatches);
                return new ReferenceVisitor(mismatches);
              }
            },
            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
  }

  private final class ReferenceVisitor extends MethodVisitor {
    private final Set<String> mismatches;

    ReferenceVisitor(Set<String> mismatches) {
      super(Opcodes.ASM9);
      this.mismatches = mismatches;
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      checkType(type, mismatches);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      if (owner.startsWith(BRIDGE_PREFIX)) {
        checkField(owner, name, descriptor, mismatches);
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (owner.startsWith(BRIDGE_PREFIX)) {
        checkMethod(owner, name, descriptor, mismatches);
      }
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        if (argument instanceof Handle handle && handle.getOwner().startsWith(BRIDGE_PREFIX)) {
          checkMethod(handle.getOwner(), handle.getName(), handle.getDesc(), mismatches);
        }
      }
    }
  }

  private void checkDescriptor(String descriptor, Set<String> mismatches) {
    for (Type argument : Type.getArgumentTypes(descriptor)) {
      if (argument.getSort() == Type.OBJECT) {
        checkType(argument.getInternalName(), mismatches);
      }
    }
  }

  private void checkType(@Nullable String internalName, Set<String> mismatches) {
    if (internalName != null && internalName.startsWith(BRIDGE_PREFIX)) {
      var unused = describe(internalName, mismatches);
    }
  }

  private void checkMethod(String owner, String name, String descriptor, Set<String> mismatches) {
    TypeDescription type = describe(owner, mismatches);
    if (type != null && !hasMethod(type, name, descriptor)) {
      mismatches.add(owner.replace('/', '.') + ": expected a method " + name + descriptor);
    }
  }

  private void checkField(String owner, String name, String descriptor, Set<String> mismatches) {
    TypeDescription type = describe(owner, mismatches);
    if (type == null) {
      return;
    }
    for (TypeDefinition current : type) {
      for (FieldDescription field : current.getDeclaredFields()) {
        if (field.getName().equals(name) && field.getDescriptor().equals(descriptor)) {
          return;
        }
      }
    }
    mismatches.add(owner.replace('/', '.') + ": expected a field " + name + " " + descriptor);
  }

  private @Nullable TypeDescription describe(String internalName, Set<String> mismatches) {
    TypePool.Resolution resolution = pool.describe(internalName.replace('/', '.'));
    if (!resolution.isResolved()) {
      mismatches.add(internalName.replace('/', '.') + ": expected this class");
      return null;
    }
    return resolution.resolve();
  }

  private static boolean hasMethod(TypeDescription type, String name, String descriptor) {
    for (MethodDescription method : type.getDeclaredMethods()) {
      if (method.getInternalName().equals(name) && method.getDescriptor().equals(descriptor)) {
        return true;
      }
    }
    TypeDescription.Generic parent = type.getSuperClass();
    if (parent != null && hasMethod(parent.asErasure(), name, descriptor)) {
      return true;
    }
    for (TypeDescription implemented : type.getInterfaces().asErasures()) {
      if (hasMethod(implemented, name, descriptor)) {
        return true;
      }
    }
    return false;
  }

  /** The fields of the hooked class that an advice binds by name. */
  private static Set<String> boundFields(Class<?> advice) {
    Set<String> fields = new TreeSet<>();
    new ClassReader(classFile(advice))
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
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
                    if (!type.endsWith(FIELD_VALUE_SUFFIX)) {
                      return null;
                    }
                    return new AnnotationVisitor(Opcodes.ASM9) {
                      @Override
                      public void visit(String key, Object value) {
                        if (key.equals("value")) {
                          fields.add((String) value);
                        }
                      }
                    };
                  }
                };
              }
            },
            ClassReader.SKIP_CODE);
    return fields;
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
      Path place =
          Path.of(ReferenceCheck.class.getProtectionDomain().getCodeSource().getLocation().toURI());
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
