/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Container;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.client.gstreamer.Frame;
import org.perc4j.client.meeting.Meeting.Attendee;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;

/** What is painted; no display is needed for that. */
class StageTest {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 300;
  private static final int SIDE = 16;
  private static final int RED = 0xFF0000;
  private static final int WHITE = 0xFFFFFF;
  private static final Source SOURCE = new Source("ann", "ann-v0", MediaKind.VIDEO, 1, 2);

  private final Stage stage = new Stage();

  private static Attendee attendee(boolean picturesOff, @Nullable VideoCodec undecodable) {
    return new Attendee("ann", "ann", null, null, false, true, false, picturesOff, undecodable);
  }

  private void show(Attendee attendee) throws Exception {
    SwingUtilities.invokeAndWait(() -> stage.show(List.of(attendee)));
  }

  private void showRed() {
    byte[] bgrx = new byte[SIDE * SIDE * Integer.BYTES];
    for (int i = 2; i < bgrx.length; i += Integer.BYTES) {
      bgrx[i] = (byte) 0xFF;
    }
    stage.picture(SOURCE, new Frame(bgrx, 0, SIDE, SIDE));
  }

  private static void layOut(Container container) {
    container.doLayout();
    for (int i = 0; i < container.getComponentCount(); i++) {
      if (container.getComponent(i) instanceof Container child) {
        layOut(child);
      }
    }
  }

  /** Returns how many pixels of a colour are painted above the name. */
  private int painted(int rgb) throws Exception {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    SwingUtilities.invokeAndWait(
        () -> {
          stage.setSize(WIDTH, HEIGHT);
          layOut(stage);
          Graphics2D graphics = image.createGraphics();
          stage.paint(graphics);
          graphics.dispose();
        });
    int count = 0;
    for (int y = 0; y < HEIGHT * 3 / 4; y++) {
      for (int x = 0; x < WIDTH; x++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == rgb ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void showsPicturesOfWhoeverIsThere() throws Exception {
    show(attendee(false, null));
    assertEquals(0, painted(RED));
    showRed();
    assertTrue(painted(RED) > WIDTH * HEIGHT / 4);
    assertEquals(0, painted(WHITE));
    stage.gone(SOURCE);
    assertEquals(0, painted(RED));
  }

  @Test
  void saysThatACameraIsOff() throws Exception {
    show(attendee(false, null));
    showRed();
    show(attendee(true, null));
    assertEquals(0, painted(RED));
    assertTrue(painted(WHITE) > 0, "camera off");
    show(attendee(false, null));
    assertEquals(0, painted(RED), "not what was there before");
    showRed();
    assertTrue(painted(RED) > 0);
  }

  @Test
  void saysThatPicturesCannotBeDecoded() throws Exception {
    show(attendee(false, VideoCodec.H264));
    assertTrue(painted(WHITE) > 0);
    show(attendee(false, null));
    assertEquals(0, painted(WHITE));
  }
}
