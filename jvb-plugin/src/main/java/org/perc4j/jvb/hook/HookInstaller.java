/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import static net.bytebuddy.matcher.ElementMatchers.hasDescriptor;
import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.FieldAccessor;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * Puts the advice, the added state and its interfaces into the bridge's classes as they are loaded.
 */
public final class HookInstaller {
  private static final Logger logger = Logger.getLogger(HookInstaller.class.getName());

  private static final ClassFileLocator OWN_CLASSES =
      ClassFileLocator.ForClassLoader.of(HookInstaller.class.getClassLoader());

  /** What is done to one class. */
  private static final class Changes {
    final List<HookPoint> points = new ArrayList<>();
    final List<AddedState> states = new ArrayList<>();
  }

  private HookInstaller() {}

  /**
   * Installs the hooks. None of their classes may be loaded yet.
   *
   * @param onFailure called if later, on being loaded, a class cannot be changed
   * @return the classes that were loaded already; if there are any, nothing was installed
   */
  public static List<String> install(
      Instrumentation instrumentation,
      List<HookPoint> points,
      List<AddedState> states,
      Runnable onFailure) {
    Map<String, Changes> byType = new LinkedHashMap<>();
    for (HookPoint point : points) {
      byType.computeIfAbsent(point.type(), type -> new Changes()).points.add(point);
    }
    for (AddedState state : states) {
      byType.computeIfAbsent(state.type(), type -> new Changes()).states.add(state);
    }
    List<String> tooLate =
        Arrays.<Class<?>>stream(instrumentation.getAllLoadedClasses())
            .map(Class::getName)
            .filter(byType::containsKey)
            .toList();
    if (!tooLate.isEmpty()) {
      return tooLate;
    }
    AgentBuilder agent =
        new AgentBuilder.Default(new ByteBuddy().with(TypeValidation.DISABLED))
            .with(AgentBuilder.TypeStrategy.Default.REDEFINE)
            .with(AgentBuilder.InitializationStrategy.NoOp.INSTANCE)
            .with(new FailureListener(onFailure))
            .ignore(none());
    for (Map.Entry<String, Changes> entry : byType.entrySet()) {
      agent =
          agent
              .type(named(entry.getKey()))
              .transform(
                  (builder, type, loader, module, domain) -> change(builder, entry.getValue()));
    }
    instrumentation.addTransformer(new HookedOnly(byType.keySet(), agent.makeRaw()));
    return List.of();
  }

  /** Keeps from Byte Buddy the thousands of classes that it is not to change: they need time. */
  private static final class HookedOnly implements ClassFileTransformer {
    private final Set<String> internalNames = new HashSet<>();
    private final ClassFileTransformer hooks;

    HookedOnly(Set<String> names, ClassFileTransformer hooks) {
      names.forEach(name -> internalNames.add(name.replace('.', '/')));
      this.hooks = hooks;
    }

    @Override
    public byte @Nullable [] transform(
        @Nullable Module module,
        @Nullable ClassLoader loader,
        @Nullable String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] classFile)
        throws IllegalClassFormatException {
      return internalNames.contains(name)
          ? hooks.transform(module, loader, name, redefined, domain, classFile)
          : null;
    }
  }

  private static DynamicType.Builder<?> change(DynamicType.Builder<?> original, Changes changes) {
    DynamicType.Builder<?> builder = original;
    for (AddedState state : changes.states) {
      builder = add(builder, ownType(state.accessors()));
    }
    for (HookPoint point : changes.points) {
      builder =
          builder.visit(
              Advice.to(ownType(point.advice()), OWN_CLASSES)
                  .withExceptionHandler(reportFailure())
                  .on(method(point)));
    }
    return builder;
  }

  private static DynamicType.Builder<?> add(
      DynamicType.Builder<?> original, TypeDescription accessors) {
    DynamicType.Builder<?> builder = original.implement(accessors);
    for (MethodDescription getter :
        accessors.getDeclaredMethods().filter(isAbstract().and(takesNoArguments()))) {
      String field = "perc4j$" + getter.getName();
      builder =
          builder
              .defineField(field, getter.getReturnType().asErasure(), Visibility.PRIVATE)
              .method(named(getter.getName()))
              .intercept(FieldAccessor.ofField(field));
    }
    return builder;
  }

  /** Described from its class file: reflection would load the bridge's classes in signatures. */
  private static TypeDescription ownType(Class<?> type) {
    return TypePool.Default.of(OWN_CLASSES).describe(type.getName()).resolve();
  }

  private static Advice.ExceptionHandler reportFailure() {
    try {
      return new Advice.ExceptionHandler.Simple(
          MethodInvocation.invoke(
              new MethodDescription.ForLoadedMethod(
                  FailureReport.class.getMethod("failed", Throwable.class))));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ElementMatcher<MethodDescription> method(HookPoint hook) {
    ElementMatcher.Junction<MethodDescription> name =
        hook.method().equals(MethodDescription.CONSTRUCTOR_INTERNAL_NAME)
            ? isConstructor()
            : named(hook.method());
    return name.and(hasDescriptor(hook.descriptor()));
  }

  private static final class FailureListener extends AgentBuilder.Listener.Adapter {
    private final Runnable onFailure;

    FailureListener(Runnable onFailure) {
      this.onFailure = onFailure;
    }

    @Override
    public void onError(
        String typeName,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        Throwable throwable) {
      if (typeName.startsWith("org.jitsi.")) {
        logger.log(
            Level.SEVERE,
            "perc4j could not change " + typeName + "; double SRTP is no longer negotiated",
            throwable);
        onFailure.run();
      }
    }

    @Override
    public void onTransformation(
        TypeDescription type,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        DynamicType dynamicType) {
      logger.fine(() -> "changed " + type.getName());
    }
  }
}
