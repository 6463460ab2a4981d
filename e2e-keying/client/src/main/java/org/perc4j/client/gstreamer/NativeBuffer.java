/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/** The head of {@code GstBuffer}, as C programs see it: the times are fields without functions. */
@FieldOrder({
  "type",
  "references",
  "lockState",
  "flags",
  "copy",
  "dispose",
  "free",
  "privateNumber",
  "privatePointer",
  "pool",
  "pts",
  "dts",
  "duration"
})
@SuppressWarnings({"unused", "NullAway.Init"}) // JNA reads and writes what is named above
public final class NativeBuffer extends Structure {
  public NativeLong type = new NativeLong();
  public int references;
  public int lockState;
  public int flags;
  public @Nullable Pointer copy;
  public @Nullable Pointer dispose;
  public @Nullable Pointer free;
  public int privateNumber;
  public @Nullable Pointer privatePointer;
  public @Nullable Pointer pool;
  public long pts;
  public long dts;
  public long duration;

  private static final NativeBuffer LAYOUT = new NativeBuffer(Pointer.NULL);
  private static final int PTS = LAYOUT.fieldOffset("pts");
  private static final int DURATION = LAYOUT.fieldOffset("duration");

  /** Of {@code GstMessage}, which has its type behind the same head. */
  private static final int MESSAGE_TYPE = LAYOUT.fieldOffset("pool");

  private NativeBuffer(@Nullable Pointer address) {
    super(address);
  }

  /** Returns the presentation time in nanoseconds, -1 for none. */
  static long pts(Pointer buffer) {
    return buffer.getLong(PTS);
  }

  static int messageType(Pointer message) {
    return message.getInt(MESSAGE_TYPE);
  }

  static void setTimes(Pointer buffer, long ptsNanos, long durationNanos) {
    buffer.setLong(PTS, ptsNanos);
    buffer.setLong(DURATION, durationNanos);
  }
}
