/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.bytebuddy.description.ByteCodeElement;
import net.bytebuddy.description.ModifierReviewable;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jitsi.nlj.PacketInfo;
import org.junit.jupiter.api.Test;

/** Compares each stub, member by member, with the bridge that is installed. */
class StubsTest {
  @Test
  void areAsTheInstalledBridgeHasThem() throws Exception {
    TypePool real =
        TypePool.Default.of(
            ClassFileLocator.ForClassLoader.of(InstalledBridge.require().classes()));
    TypePool stubs = TypePool.Default.of(StubsTest.class.getClassLoader());
    List<String> names = stubNames();
    assertFalse(names.isEmpty());

    Set<String> differences = new TreeSet<>();
    for (String name : names) {
      compare(stubs.describe(name).resolve(), real.describe(name), differences);
    }

    assertEquals(Set.of(), differences);
  }

  private static void compare(
      TypeDescription stub, TypePool.Resolution resolution, Set<String> differences) {
    if (!resolution.isResolved()) {
      differences.add(stub.getName() + " does not exist");
      return;
    }
    TypeDescription real = resolution.resolve();
    for (String expected : describe(stub)) {
      if (!describe(real).contains(expected)) {
        differences.add(stub.getName() + ": " + expected);
      }
    }
  }

  private static Set<String> describe(TypeDescription type) {
    Set<String> all = new TreeSet<>();
    all.add("is an interface: " + type.isInterface());
    all.add("is final: " + type.isFinal());
    all.add("is public: " + type.isPublic());
    if (type.getSuperClass() != null) {
      all.add("extends " + type.getSuperClass().asErasure().getName());
    }
    type.getInterfaces().asErasures().forEach(i -> all.add("implements " + i.getName()));
    type.getDeclaredMethods().stream()
        .filter(StubsTest::visible)
        .forEach(m -> all.add(modifiers(m) + m.getInternalName() + m.getDescriptor()));
    type.getDeclaredFields().stream()
        .filter(StubsTest::visible)
        .forEach(f -> all.add(modifiers(f) + f.getName() + " " + f.getDescriptor()));
    return all;
  }

  private static boolean visible(ByteCodeElement.TypeDependant<?, ?> member) {
    ModifierReviewable.OfByteCodeElement modifiers = (ModifierReviewable.OfByteCodeElement) member;
    // The constant pool of an enum is compiler-made, and so are bridge methods.
    return (modifiers.isPublic() || modifiers.isProtected())
        && !((ModifierReviewable) member).isSynthetic();
  }

  private static String modifiers(ModifierReviewable.OfByteCodeElement member) {
    return (member.isStatic() ? "static " : "") + (member.isPublic() ? "public " : "protected ");
  }

  private static List<String> stubNames() throws IOException, URISyntaxException {
    Path place =
        Path.of(PacketInfo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return classNames(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return classNames(jar.getPath("/"));
    }
  }

  private static List<String> classNames(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.map(path -> root.relativize(path).toString())
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }
}
