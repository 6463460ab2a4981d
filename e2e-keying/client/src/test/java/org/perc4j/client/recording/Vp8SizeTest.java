/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class Vp8SizeTest {
  /** Beginning of a key picture of 640 by 360 that libvpx made. */
  @Test
  void readsTheSizeWithoutTheScale() {
    byte[] key = {0x10, 0x02, 0x00, (byte) 0x9d, 0x01, 0x2a, (byte) 0x80, 0x02, 0x68, 0x41};
    assertEquals(new Vp8Size(640, 360), Vp8Size.of(key));
    assertEquals("video/x-vp8,width=640,height=360", Vp8Size.of(key).caps());
  }

  @Test
  void takesWhatHasNoneForTheSmallest() {
    assertEquals(new Vp8Size(1, 1), Vp8Size.of(new byte[9]));
    assertEquals(new Vp8Size(1, 1), Vp8Size.of(new byte[10]));
  }
}
