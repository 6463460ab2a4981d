/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

import org.jspecify.annotations.Nullable;

/** What there is on the command line, as it is written there. */
enum Option {
  NAME("--name", "N", "the name by which others know you, proven by the identity's key"),
  IDENTITY("--identity", "FILE", "where your key is kept; made if it is not there"),
  PASSWORD("--password", "P", "of the room; better in the environment as PERC4J_PASSWORD"),
  TOKEN("--token", "T", "of the deployment (JWT); better in the environment as PERC4J_TOKEN"),
  CAMERA("--camera", "DEV", "such as /dev/video0, which is the default"),
  MICROPHONE("--microphone", "DEV", "a source of PulseAudio, or of ALSA such as hw:0"),
  NO_VIDEO("--no-video", null, "send no pictures"),
  NO_SOUND("--no-sound", null, "send no sound"),
  FILE("--file", "FILE", "send what is in a file in place of devices"),
  SIZE("--size", "PIXELS", "height of the largest pictures that are sent: 180, 360 or 720"),
  YES("--yes", null, "begin to send as soon as it was told who is there, without Enter"),
  HEADLESS("--headless", null, "no window"),
  RECORD("--record", "FOLDER", "keep what comes in files there; your name says so to the others"),
  TO("--to", "FOLDER", "where perc4j record keeps what comes, without sending anything"),
  CA("--ca", "FILE", "certificates (PEM) of authorities to trust in place of Java's"),
  DEBUG("--debug", null, "tell more about what goes wrong"),
  /** Of tests: media from nowhere, with this pattern of {@code videotestsrc}. */
  TEST_MEDIA("--test-media", "PATTERN", null);

  private final String written;
  private final @Nullable String value;
  private final @Nullable String help;

  Option(String written, @Nullable String value, @Nullable String help) {
    this.written = written;
    this.value = value;
    this.help = help;
  }

  static @Nullable Option of(String written) {
    for (Option option : values()) {
      if (option.written.equals(written)) {
        return option;
      }
    }
    return null;
  }

  String written() {
    return written;
  }

  boolean hasValue() {
    return value != null;
  }

  /** Returns a line for people, or null for what is not for them. */
  @Nullable String help() {
    return help == null
        ? null
        : "  %-18s %s".formatted(value == null ? written : written + " " + value, help);
  }
}
