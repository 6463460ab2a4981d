/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.compiler;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.EmptyTeaVMToolLog;
import org.teavm.tooling.TeaVMProblemRenderer;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.tooling.TeaVMToolLog;
import org.teavm.vm.TeaVMOptimizationLevel;

/**
 * Compiles an entry point, with all of the core that it reaches, to WebAssembly with garbage
 * collection; in strict mode, where exceptions are exceptions. Fails if anything at all was
 * reported: a class or method that is missing would be a trap. Does nothing if it would come out as
 * it is.
 */
final class Compilation {
  private static final String RUNTIME = "org/teavm/backend/wasm/wasm-gc-module-runtime.min.js";

  private Compilation() {}

  /**
   * Compiles.
   *
   * @param arguments the entry point's class, and the folder and name of what is written: {@code
   *     NAME.wasm} and {@code NAME-runtime.js}, which loads it
   */
  public static void main(String[] arguments) throws IOException, TeaVMToolException {
    Path folder = Path.of(arguments[1]);
    String name = arguments[2];
    if (isCurrent(folder.resolve(name + ".wasm"))) {
      return;
    }
    TeaVMTool tool = new TeaVMTool();
    tool.setTargetType(TeaVMTargetType.WEBASSEMBLY_GC);
    tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    tool.setStrict(true);
    tool.setObfuscated(true);
    tool.setClassLoader(new WithoutJdk(Compilation.class.getClassLoader()));
    tool.getTransformers().add(CheckedOperations.class.getName());
    tool.setMainClass(arguments[0]);
    tool.setTargetDirectory(folder.toFile());
    tool.setTargetFileName(name + ".wasm");
    tool.generate();
    List<Problem> problems = tool.getProblemProvider().getProblems();
    if (!problems.isEmpty()) {
      TeaVMProblemRenderer.describeProblems(
          tool.getDependencyInfo().getCallGraph(), tool.getProblemProvider(), new Errors());
      boolean unused = Files.deleteIfExists(folder.resolve(name + ".wasm"));
      System.exit(1);
    }
    try (InputStream runtime = TeaVMTool.class.getClassLoader().getResourceAsStream(RUNTIME)) {
      if (runtime == null) {
        throw new IOException("no " + RUNTIME);
      }
      Path unused = Files.write(folder.resolve(name + "-runtime.js"), runtime.readAllBytes());
    }
  }

  /** Whether everything on the class path is older: nothing else goes into it. */
  private static boolean isCurrent(Path compiled) throws IOException {
    if (!Files.exists(compiled)) {
      return false;
    }
    FileTime time = Files.getLastModifiedTime(compiled);
    Path folder = compiled.toAbsolutePath().getParent();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      try (Stream<Path> files = Files.walk(Path.of(entry))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (!file.toAbsolutePath().startsWith(folder)
              && Files.isRegularFile(file)
              && Files.getLastModifiedTime(file).compareTo(time) > 0) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Says everything as loudly as it can. */
  private static final class Errors extends EmptyTeaVMToolLog implements TeaVMToolLog {
    @Override
    public void warning(String text) {
      System.err.println(text);
    }

    @Override
    public void error(String text) {
      System.err.println(text);
    }
  }
}
