/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** System calls of 64-bit Linux that Java has no words for. */
final class LinuxCalls {
  /** Of {@code unshare}: another network namespace. */
  static final int CLONE_NEWNET = 0x40000000;

  static final int O_RDWR = 2;
  static final int O_CLOEXEC = 0x80000;

  /** Of {@code ppoll}. */
  static final short POLLIN = 1;

  static {
    Native.register(LinuxCalls.class, "c");
  }

  private LinuxCalls() {}

  @CanIgnoreReturnValue
  static native int unshare(int flags) throws LastErrorException;

  static native int open(String path, int flags) throws LastErrorException;

  @CanIgnoreReturnValue
  static native int close(int descriptor) throws LastErrorException;

  @CanIgnoreReturnValue
  static native int ioctl(int descriptor, long request, byte[] argument) throws LastErrorException;

  static native int ppoll(
      Pointer descriptors, long count, Pointer timeout, @Nullable Pointer signals)
      throws LastErrorException;

  static native long read(int descriptor, byte[] octets, long count) throws LastErrorException;

  @CanIgnoreReturnValue
  static native long write(int descriptor, byte[] octets, long count) throws LastErrorException;
}
