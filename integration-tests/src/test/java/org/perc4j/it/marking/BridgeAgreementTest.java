/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * What a Jitsi Videobridge reads in payloads that it may read is what is marked for one that may
 * not; and what it reads in descriptors is what was written.
 */
class BridgeAgreementTest {
  private static final int HEADER_BYTES = 12;
  private static final String CODECS = "org.jitsi.nlj.rtp.codec.";
  private static final String EXTENSIONS = "org.jitsi.rtp.rtp.header_extensions.";

  private static @Nullable URLClassLoader bridge;

  @BeforeAll
  static void findBridge() throws Exception {
    Path home = JvbProcess.home();
    if (home == null) {
      String why = "Jitsi Videobridge is not installed (JVB_HOME, -Djvb.home)";
      System.err.println("skipped: " + why + ". Its parsers were not compared with ours.");
      throw new TestAbortedException(why);
    }
    List<URL> urls = new ArrayList<>();
    urls.add(home.resolve("jitsi-videobridge.jar").toUri().toURL());
    try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
      for (Path jar : libraries.filter(path -> path.toString().endsWith(".jar")).toList()) {
        urls.add(jar.toUri().toURL());
      }
    }
    bridge = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  @AfterAll
  static void close() throws Exception {
    if (bridge != null) {
      bridge.close();
    }
  }

  private static Class<?> bridgeClass(String name) throws ClassNotFoundException {
    return Class.forName(name, true, Objects.requireNonNull(bridge));
  }

  private static Object get(Object object, String method) throws ReflectiveOperationException {
    return Objects.requireNonNull(object.getClass().getMethod(method).invoke(object));
  }

  private static byte[] rtp(MarkedStream.Packet packet) {
    byte[] octets = new byte[HEADER_BYTES + packet.payload().length];
    octets[0] = (byte) 0x80;
    octets[1] = (byte) (packet.lastOfPicture() ? 0x80 | 100 : 100);
    System.arraycopy(packet.payload(), 0, octets, HEADER_BYTES, packet.payload().length);
    return octets;
  }

  @Test
  void readsVp8Alike() throws Exception {
    Constructor<?> parser =
        bridgeClass(CODECS + "vp8.Vp8Packet").getConstructor(byte[].class, int.class, int.class);
    LayeredClip clip = Clips.layered(VideoCodec.VP8);
    for (MarkedStream.Packet packet : MarkedStream.of(clip, Vp9Payload.Mode.FLEXIBLE)) {
      byte[] octets = rtp(packet);
      Object parsed = parser.newInstance(octets, 0, octets.length);
      int marking = packet.marking();
      assertEquals(get(parsed, "isStartOfFrame"), FrameMarkingCodec.startOfFrame(marking));
      assertEquals(get(parsed, "isEndOfFrame"), FrameMarkingCodec.endOfFrame(marking));
      assertEquals(get(parsed, "getTemporalLayerIndex"), FrameMarkingCodec.temporalId(marking));
      assertEquals(get(parsed, "getTL0PICIDX"), FrameMarkingCodec.tl0PicIdx(marking));
      if (packet.first()) {
        // Of other packets the bridge does not know.
        assertEquals(get(parsed, "isKeyframe"), FrameMarkingCodec.independent(marking));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsVp9Alike(Vp9Payload.Mode mode) throws Exception {
    Constructor<?> parser =
        bridgeClass(CODECS + "vp9.Vp9Packet").getConstructor(byte[].class, int.class, int.class);
    for (MarkedStream.Packet packet : MarkedStream.of(Clips.layered(VideoCodec.VP9), mode)) {
      byte[] octets = rtp(packet);
      Object parsed = parser.newInstance(octets, 0, octets.length);
      int marking = packet.marking();
      assertEquals(get(parsed, "isStartOfFrame"), FrameMarkingCodec.startOfFrame(marking));
      assertEquals(get(parsed, "isEndOfFrame"), FrameMarkingCodec.endOfFrame(marking));
      assertEquals(get(parsed, "getTemporalLayerIndex"), FrameMarkingCodec.temporalId(marking));
      assertEquals(get(parsed, "getSpatialLayerIndex"), FrameMarkingCodec.spatialId(marking));
      if (mode == Vp9Payload.Mode.NON_FLEXIBLE) {
        assertEquals(get(parsed, "getTL0PICIDX"), FrameMarkingCodec.tl0PicIdx(marking));
      }
      boolean inLowest = packet.frame().spatialId() == 0;
      assertEquals(get(parsed, "isKeyframe"), inLowest && FrameMarkingCodec.independent(marking));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = VideoCodec.class,
      names = {"VP9", "AV1"})
  void readsDescriptorsAlike(VideoCodec codec) throws Exception {
    Class<?> structureClass = bridgeClass(EXTENSIONS + "Av1TemplateDependencyStructure");
    Class<?> parserClass = bridgeClass(EXTENSIONS + "Av1DependencyDescriptorReader");
    Constructor<?> parser = parserClass.getConstructor(byte[].class, int.class, int.class);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    Object structure = null;
    LayeredClip clip = Clips.layered(codec);
    for (MarkedStream.Packet packet : MarkedStream.of(clip, Vp9Payload.Mode.FLEXIBLE)) {
      byte[] descriptor = packet.descriptor();
      Object parsed =
          parserClass
              .getMethod("parse", structureClass)
              .invoke(parser.newInstance(descriptor, 0, descriptor.length), structure);
      structure = get(Objects.requireNonNull(parsed), "getStructure");
      Object frame = get(parsed, "getFrameInfo");
      assertTrue(reader.read(descriptor, 0, descriptor.length));
      FrameDependencies told = Objects.requireNonNull(reader.dependencies());
      assertEquals(get(parsed, "getFrameNumber"), packet.number());
      assertEquals(get(frame, "getSpatialId"), packet.frame().spatialId());
      assertEquals(get(frame, "getTemporalId"), packet.frame().temporalId());
      List<Integer> diffs = new ArrayList<>();
      for (int i = 0; i < told.frameDiffCount(); i++) {
        diffs.add(told.frameDiff(i));
      }
      assertEquals(get(frame, "getFdiff"), diffs);
      List<Integer> chains = new ArrayList<>();
      for (int chain = 0; chain < told.chainCount(); chain++) {
        chains.add(told.chainDiff(chain));
      }
      assertEquals(get(frame, "getChains"), chains);
      List<String> indications = new ArrayList<>();
      for (int target = 0; target < told.decodeTargetCount(); target++) {
        indications.add(
            List.of("NOT_PRESENT", "DISCARDABLE", "SWITCH", "REQUIRED").get(told.dti(target)));
      }
      assertEquals(
          ((List<?>) get(frame, "getDti")).stream().map(Object::toString).toList(), indications);
    }
  }
}
