/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.window;

import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import javax.swing.JComponent;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.Frame;

/** The pictures of somebody, with a name below; the name alone if there are none. */
final class Tile extends JComponent {
  private static final long serialVersionUID = 1;
  private static final int MARGIN = 4;
  private static final Color GROUND = new Color(0x20, 0x22, 0x26);
  private static final Color SPEAKS = new Color(0x4c, 0xaf, 0x50);
  private static final Color DOUBTFUL = new Color(0xe5, 0x39, 0x35);
  private static final Color BAR = new Color(0, 0, 0, 0xA0);

  /** Written by the picture's thread, read by Swing's. */
  private transient volatile @Nullable BufferedImage image;

  private String text = "";
  private transient List<String> notice = List.of();
  private boolean speaks;
  private boolean doubtful;

  /** Shows a picture, on any thread. */
  void show(Frame bgrx) {
    int pixels = bgrx.width() * bgrx.height();
    if (pixels == 0 || bgrx.octets().length < pixels * Integer.BYTES) {
      return;
    }
    BufferedImage next = new BufferedImage(bgrx.width(), bgrx.height(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[pixels];
    ByteBuffer.wrap(bgrx.octets()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(row);
    next.getRaster().setDataElements(0, 0, bgrx.width(), bgrx.height(), row);
    image = next;
    repaint();
  }

  /** There are no pictures any more; on any thread. */
  void clear() {
    image = null;
    repaint();
  }

  /** Says, in lines, why there are no pictures; what comes all the same is not shown. */
  void notice(List<String> why) {
    assert SwingUtilities.isEventDispatchThread();
    notice = List.copyOf(why);
    repaint();
  }

  /** Says who it is, and how that one stands. */
  void label(String name, boolean isSpeaking, boolean isDoubtful) {
    assert SwingUtilities.isEventDispatchThread();
    text = name;
    speaks = isSpeaking;
    doubtful = isDoubtful;
    repaint();
  }

  @Override
  protected void paintComponent(Graphics graphics) {
    Graphics2D g = (Graphics2D) graphics.create();
    try {
      g.setColor(GROUND);
      g.fillRect(0, 0, getWidth(), getHeight());
      BufferedImage now = image;
      if (now != null && notice.isEmpty()) {
        double scale =
            Math.min((double) getWidth() / now.getWidth(), (double) getHeight() / now.getHeight());
        int width = (int) (now.getWidth() * scale);
        int height = (int) (now.getHeight() * scale);
        g.setRenderingHint(
            RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(now, (getWidth() - width) / 2, (getHeight() - height) / 2, width, height, null);
      }
      paintNotice(g);
      paintName(g);
      if (speaks || doubtful) {
        g.setColor(doubtful ? DOUBTFUL : SPEAKS);
        g.drawRect(0, 0, getWidth() - 1, getHeight() - 1);
        g.drawRect(1, 1, getWidth() - 3, getHeight() - 3);
      }
    } finally {
      g.dispose();
    }
  }

  private void paintNotice(Graphics2D g) {
    FontMetrics metrics = g.getFontMetrics();
    int y = getHeight() / 2 - metrics.getHeight();
    g.setColor(Color.WHITE);
    for (String line : notice) {
      g.drawString(line, Math.max(MARGIN, (getWidth() - metrics.stringWidth(line)) / 2), y);
      y += metrics.getHeight();
    }
  }

  private void paintName(Graphics2D g) {
    FontMetrics metrics = g.getFontMetrics();
    int height = metrics.getHeight() + MARGIN;
    g.setColor(BAR);
    g.fillRect(0, getHeight() - height, getWidth(), height);
    g.setColor(doubtful ? DOUBTFUL : Color.WHITE);
    g.drawString(text, MARGIN, getHeight() - MARGIN - metrics.getDescent());
  }
}
