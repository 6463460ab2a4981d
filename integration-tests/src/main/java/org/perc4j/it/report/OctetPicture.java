/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Octets to look at: a packet is a row, an octet a dot, dark for 0 and bright for 255. */
final class OctetPicture {
  /** Evenly brighter, also to the colour-blind (viridis, by Smith and van der Walt); 15 of it. */
  private static final int[] COLOURS = {
    0x440154, 0x481B6D, 0x46327E, 0x3F4788, 0x365C8D, 0x2E6E8E, 0x277F8E, 0x21918C, 0x1FA187,
    0x2DB27D, 0x4AC16D, 0x71CF57, 0x9FDA3A, 0xCFE11C, 0xFDE725
  };

  private static final int BITS = 4;
  private static final int NOTHING = COLOURS.length;
  private static final IndexColorModel PALETTE = palette();

  private OctetPicture() {}

  private static IndexColorModel palette() {
    int size = COLOURS.length + 1;
    byte[] red = new byte[size];
    byte[] green = new byte[size];
    byte[] blue = new byte[size];
    for (int i = 0; i < COLOURS.length; i++) {
      red[i] = (byte) (COLOURS[i] >> 16);
      green[i] = (byte) (COLOURS[i] >> 8);
      blue[i] = (byte) COLOURS[i];
    }
    return new IndexColorModel(BITS, size, red, green, blue, NOTHING);
  }

  /** Returns a PNG file as an address, with nothing where a packet has ended. */
  static String of(List<byte[]> packets, int columns, int rows) {
    BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_BINARY, PALETTE);
    for (int row = 0; row < rows; row++) {
      byte[] packet = row < packets.size() ? packets.get(row) : new byte[0];
      for (int column = 0; column < columns; column++) {
        int index =
            column < packet.length ? (packet[column] & 0xFF) * COLOURS.length / 256 : NOTHING;
        image.getRaster().setSample(column, row, 0, index);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("no PNG encoder");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return address("image/png", png.toByteArray());
  }

  /** Returns a file as an address. */
  static String address(String type, byte[] file) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(file);
  }
}
