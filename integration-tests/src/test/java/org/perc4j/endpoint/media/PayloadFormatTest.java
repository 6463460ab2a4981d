/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** What all payload formats have in common: both directions, cut anywhere, and hostile octets. */
class PayloadFormatTest {
  private static final int PICTURE_ID = 0x7FFC;

  @TempDir Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void putsTogetherWhatItCut(VideoCodec codec) throws Exception {
    LayeredClip clip = Clips.layered(codec);
    for (Vp9Payload.Mode mode : Vp9Payload.Mode.values()) {
      for (int maxBytes : new int[] {60, 333, 1100}) {
        LayerPacketizer packetizer = clip.packetizer(mode, PICTURE_ID, maxBytes);
        PictureAssembly assembly = codec.assembly();
        for (int picture = 0; picture < clip.length(); picture++) {
          for (LayerFrame frame : clip.picture(picture)) {
            for (byte[] payload : packetizer.packetize(frame.encoded())) {
              assertTrue(payload.length <= maxBytes, frame + ": " + payload.length);
              assertTrue(assembly.add(payload), frame.toString());
            }
          }
          List<byte[]> put = assembly.finish();
          assertEquals(clip.picture(picture).size(), put.size());
          for (int layer = 0; layer < put.size(); layer++) {
            assertArrayEquals(clip.picture(picture).get(layer).octets(), put.get(layer));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void losesAPictureWithoutItsBeginningOrItsMiddle(VideoCodec codec) throws Exception {
    LayeredClip clip = Clips.layered(codec);
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.FLEXIBLE, PICTURE_ID, 100);
    List<byte[]> payloads = packetizer.packetize(clip.picture(0).get(0).encoded());
    List<byte[]> slice = codec == VideoCodec.H264 ? payloads.subList(1, payloads.size()) : payloads;
    assertTrue(slice.size() > 2);
    PictureAssembly assembly = codec.assembly();
    assertFalse(assembly.add(slice.get(1)));
    assertTrue(assembly.add(slice.get(0)));
    assertFalse(assembly.add(slice.get(0)), "begins twice");
    if (codec != VideoCodec.VP8) {
      // VP8 does not say where a frame ends: RTP's marker does.
      assertEquals(List.of(), assembly.finish());
    }
    assembly.reset();
    assertTrue(assembly.add(slice.get(0)));
    assembly.reset();
    assertEquals(List.of(), assembly.finish());
  }

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void survivesHostileOctets(VideoCodec codec) throws Exception {
    Random random = new Random(7);
    LayeredClip clip = Clips.layered(codec);
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.NON_FLEXIBLE, PICTURE_ID, 100);
    List<byte[]> payloads = packetizer.packetize(clip.picture(0).get(0).encoded());
    PictureAssembly assembly = codec.assembly();
    assertFalse(assembly.add(new byte[0]));
    for (int round = 0; round < 20_000; round++) {
      byte[] payload = payloads.get(random.nextInt(payloads.size()));
      payload = Arrays.copyOf(payload, random.nextInt(payload.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && payload.length > 0; flips--) {
        payload[random.nextInt(Math.min(payload.length, 40))] = (byte) random.nextInt();
      }
      if (!assembly.add(payload) || random.nextInt(8) == 0) {
        boolean unused = codec.isKey(assembly.finish());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = VideoCodec.class,
      names = {"VP8", "VP9", "H264"})
  void readsWhatGstreamerWrites(VideoCodec codec) throws Exception {
    List<byte[]> put = new ArrayList<>();
    PictureAssembly assembly = codec.assembly();
    for (RtpFile.Packet packet : RtpFile.gstreamer(codec.name().toLowerCase(Locale.ROOT))) {
      assertTrue(assembly.add(packet.payload()));
      if (packet.marker()) {
        put.addAll(assembly.finish());
      }
    }
    assertEquals(codec == VideoCodec.H264 ? 5 : codec == VideoCodec.VP9 ? 3 : 4, put.size());
    List<LayerFrame> frames = Clips.layered(codec).frames();
    for (int i = 0; i < put.size(); i++) {
      byte[] expected = frames.get(i).octets();
      // GStreamer's H.264 parser puts an access unit delimiter before each picture.
      byte[] actual =
          codec == VideoCodec.H264
              ? Arrays.copyOfRange(put.get(i), 6, put.get(i).length)
              : put.get(i);
      assertArrayEquals(expected, actual, "frame " + i);
    }
  }

  @Test
  void cutsH264AsGstreamerDoes() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.H264);
    List<byte[]> theirs = RtpFile.gstreamer("h264").stream().map(RtpFile.Packet::payload).toList();
    List<byte[]> ours = H264Payload.packetize(clip.picture(0).get(0).octets(), 500);
    assertEquals(4, ours.size());
    // Theirs has an access unit delimiter before the parameter sets.
    byte[] aggregate = theirs.get(0);
    assertEquals("78000209f0", HexFormat.of().formatHex(aggregate, 0, 5));
    byte[] withoutDelimiter = Arrays.copyOfRange(aggregate, 4, aggregate.length);
    withoutDelimiter[0] = aggregate[0];
    assertArrayEquals(withoutDelimiter, ours.get(0));
    for (int i = 1; i < 4; i++) {
      assertArrayEquals(theirs.get(i), ours.get(i), "fragment " + i);
    }
    // Its last picture does not fit beside its prefix.
    List<byte[]> last = H264Payload.packetize(clip.picture(4).get(0).octets(), 500);
    assertEquals(3, last.size());
    assertArrayEquals(theirs.get(8), last.get(1));
    assertArrayEquals(theirs.get(9), last.get(2));
  }

  @Test
  void cutsVp8WhereGstreamerDoes() throws Exception {
    List<RtpFile.Packet> theirs = RtpFile.gstreamer("vp8");
    LayerFrame key = Clips.layered(VideoCodec.VP8).picture(0).get(0);
    // The same number of picture, and room for the two octets of layers that theirs does not have.
    List<byte[]> ours = Vp8Payload.packetize(key.encoded(), 300, 0, 502);
    assertEquals(3, ours.size());
    for (int i = 0; i < ours.size(); i++) {
      byte[] own = ours.get(i);
      byte[] their = theirs.get(i).payload();
      // Theirs says which partition a packet continues, which is up to the sender.
      assertEquals(their[0] & ~7, own[0] & ~7);
      assertEquals("80", hex(their[1]));
      assertEquals("e0", hex(own[1]));
      assertArrayEquals(Arrays.copyOfRange(their, 2, 4), Arrays.copyOfRange(own, 2, 4));
      assertArrayEquals(
          Arrays.copyOfRange(their, 4, their.length), Arrays.copyOfRange(own, 6, own.length));
    }
  }

  private static String hex(byte octet) {
    return HexFormat.of().toHexDigits(octet);
  }

  @ParameterizedTest
  @EnumSource(
      value = VideoCodec.class,
      names = {"VP8", "VP9", "H264"})
  void gstreamerReadsWhatIsWritten(VideoCodec codec) throws Exception {
    assumeTrue(isGstreamerInstalled(), "GStreamer is not installed");
    LayeredClip clip = Clips.layered(codec);
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.FLEXIBLE, PICTURE_ID, 400);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int sequenceNumber = 0;
    for (int picture = 0; picture < 24; picture++) {
      LayerFrame frame = clip.picture(picture).get(0);
      List<byte[]> payloads = packetizer.packetize(frame.encoded());
      for (int i = 0; i < payloads.size(); i++) {
        boolean last = i == payloads.size() - 1;
        sent.writeBytes(
            RtpFile.framed(
                100, sequenceNumber++, new RtpFile.Packet(last, 3000 * picture, payloads.get(i))));
      }
      expected.writeBytes(frame.octets());
    }
    assertArrayEquals(expected.toByteArray(), depayloaded(codec, sent.toByteArray()));
  }

  private byte[] depayloaded(VideoCodec codec, byte[] packets)
      throws IOException, InterruptedException {
    Path in = Files.write(directory.resolve("in"), packets);
    Path out = directory.resolve("out");
    List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-q", "filesrc"));
    command.addAll(List.of("location=" + in, "!", "application/x-rtp-stream,media=video"));
    command.set(command.size() - 1, command.get(command.size() - 1) + caps(codec));
    command.addAll(List.of("!", "rtpstreamdepay", "!"));
    command.add("rtp" + codec.name().toLowerCase(Locale.ROOT) + "depay");
    if (codec == VideoCodec.H264) {
      command.addAll(List.of("!", "video/x-h264,stream-format=byte-stream,alignment=au"));
    }
    command.addAll(List.of("!", "filesink", "location=" + out));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    return Files.readAllBytes(out);
  }

  private static String caps(VideoCodec codec) {
    return ",payload=100,clock-rate=90000,encoding-name=" + codec.name();
  }

  private static boolean isGstreamerInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("gst-inspect-1.0", "--exists", "rtpvp9depay")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
