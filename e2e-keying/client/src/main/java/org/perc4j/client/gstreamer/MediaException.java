/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

/** Media cannot be recorded, read, encoded or played. The message is one line for people. */
public final class MediaException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is missing or wrong. */
  public enum Reason {
    /** GStreamer is not installed. */
    NOT_INSTALLED,
    /** A part of GStreamer is not installed. */
    PART_MISSING,
    /** There is no such camera, or it is in use. */
    NO_CAMERA,
    /** There is no such microphone, or it is in use. */
    NO_MICROPHONE,
    /** The file is not there, or has nothing that can be decoded. */
    FILE,
    /** Something else went wrong within GStreamer. */
    FAILED
  }

  private final Reason reason;

  /** With a line for people. */
  public MediaException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** With a line for people, and what led to it. */
  public MediaException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns what is wrong. */
  public Reason reason() {
    return reason;
  }
}
