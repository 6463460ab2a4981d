/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import static net.bytebuddy.matcher.ElementMatchers.hasDescriptor;
import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

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
import java.util.Objects;
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
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.signalling.ReceiverView;
import org.perc4j.jvb.signalling.RetainedExtensions;
import org.perc4j.jvb.signalling.TransportKind;
import org.perc4j.jvb.video.DoubleProjectionContext;
import org.perc4j.jvb.video.FrameReader;
import org.perc4j.jvb.video.FrameReading;
import org.perc4j.jvb.video.SentStreams;

/**
 * Puts the advice, the fields and their interfaces into the bridge's classes as they are loaded.
 */
public final class HookInstaller {
  private static final Logger logger = Logger.getLogger(HookInstaller.class.getName());

  /** Something that the plugin remembers on an object of the bridge: accessor and type. */
  private record Property(String accessor, Class<?> type) {}

  /** What an added interface gives access to. */
  private static final Map<Class<?>, List<Property>> PROPERTIES =
      Map.of(
          PacketState.class,
          List.of(
              new Property("perc4jOriginalHeader", int.class),
              new Property("perc4jFrame", int.class),
              new Property("perc4jLayers", LayerFrame.class),
              new Property("perc4jActiveTargets", long.class)),
          TransportHolder.class,
          List.of(new Property("perc4jKind", TransportKind.class)),
          ExtensionRetainer.class,
          List.of(new Property("perc4jRetained", RetainedExtensions.class)),
          FrameReading.class,
          List.of(new Property("perc4jFrames", FrameReader.class)),
          ViewHolder.class,
          List.of(new Property("perc4jView", ReceiverView.class)),
          SentStreamsHolder.class,
          List.of(new Property("perc4jSent", SentStreams.class)),
          ProjectionHolder.class,
          List.of(new Property("perc4jProjection", DoubleProjectionContext.class)));

  /** Classes that get fields, and the interface of each. */
  private static final Map<String, Class<?>> HOLDERS =
      Map.of(
          "org.jitsi.rtp.rtp.RtpPacket", PacketState.class,
          "org.jitsi.nlj.srtp.SrtpTransformers", TransportHolder.class,
          "org.jitsi.nlj.Transceiver", TransportHolder.class,
          "org.jitsi.videobridge.Endpoint", ViewHolder.class,
          "org.jitsi.nlj.transform.node.PacketCacher", SentStreamsHolder.class,
          "org.jitsi.nlj.transform.node.outgoing.ProbingDataSender", SentStreamsHolder.class,
          "org.jitsi.nlj.transform.node.outgoing.HeaderExtStripper", ExtensionRetainer.class,
          "org.jitsi.nlj.transform.node.incoming.VideoParser", FrameReading.class,
          "org.jitsi.videobridge.cc.AdaptiveSourceProjection", ProjectionHolder.class);

  private static final ClassFileLocator OWN_CLASSES =
      ClassFileLocator.ForClassLoader.of(HookInstaller.class.getClassLoader());

  private HookInstaller() {}

  /** The classes that are changed beyond the hooks' own. */
  public static Set<String> holders() {
    return HOLDERS.keySet();
  }

  /**
   * Installs the hooks. None of their classes may be loaded yet.
   *
   * @param onFailure called if later, on being loaded, a class cannot be changed
   * @return the classes that were loaded already; if there are any, nothing was installed
   */
  public static List<String> install(
      Instrumentation instrumentation, List<HookPoint> hooks, Runnable onFailure) {
    Map<String, List<HookPoint>> byType = new LinkedHashMap<>();
    for (HookPoint hook : hooks) {
      byType.computeIfAbsent(hook.type(), type -> new ArrayList<>()).add(hook);
    }
    for (String holder : HOLDERS.keySet()) {
      byType.computeIfAbsent(holder, type -> new ArrayList<>());
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
    for (Map.Entry<String, List<HookPoint>> entry : byType.entrySet()) {
      agent =
          agent
              .type(named(entry.getKey()))
              .transform(
                  (builder, type, loader, module, domain) ->
                      change(builder, entry.getKey(), entry.getValue()));
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

  private static DynamicType.Builder<?> change(
      DynamicType.Builder<?> original, String type, List<HookPoint> hooks) {
    DynamicType.Builder<?> builder = original;
    Class<?> holder = HOLDERS.get(type);
    if (holder != null) {
      builder = builder.implement(holder);
      for (Property property : Objects.requireNonNull(PROPERTIES.get(holder))) {
        String field = "perc4j$" + property.accessor();
        builder =
            builder
                .defineField(field, property.type(), Visibility.PRIVATE)
                .method(named(property.accessor()))
                .intercept(FieldAccessor.ofField(field));
      }
    }
    for (HookPoint hook : hooks) {
      builder =
          builder.visit(
              Advice.to(advice(hook), OWN_CLASSES)
                  .withExceptionHandler(reportFailure())
                  .on(method(hook)));
    }
    return builder;
  }

  /** Described from its class file: reflection would load the bridge's classes in signatures. */
  private static TypeDescription advice(HookPoint hook) {
    return TypePool.Default.of(OWN_CLASSES).describe(hook.advice().getName()).resolve();
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
