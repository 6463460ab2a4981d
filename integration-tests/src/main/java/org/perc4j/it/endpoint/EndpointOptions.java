/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.transport.RelayAccess;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.harness.NetworkNamespace;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.media.PictureClip;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.transport.KeyTap;

/** How an endpoint is to behave. Set up by one thread before the endpoint joins. */
public final class EndpointOptions {
  /** More than the replay windows of senders and receivers hold. */
  static final int LONG_RUN_PACKETS = 4096;

  final String id;
  final Path recordings;
  List<SrtpProfile> profiles = List.of(SrtpProfile.DOUBLE_AEAD_AES_128_GCM);
  DtlsSetup setup = DtlsSetup.ACTIVE;
  CryptexPolicy cryptex = CryptexPolicy.OFF;
  Duration timeout = Duration.ofSeconds(30);
  boolean triesAgain = true;
  CongestionFeedback feedback = CongestionFeedback.TRANSPORT_WIDE;
  boolean adapts;
  @Nullable SpeechClip speech;
  @Nullable PictureClip picture;
  List<LayeredClip> layers = List.of();
  Vp9Payload.Mode vp9Mode = Vp9Payload.Mode.FLEXIBLE;
  PacketMarkings.Factory markings = encoding -> PacketMarkings.shortFrameMarking();
  ActivityMode activity = ActivityMode.DEFAULT;
  int initialSequenceNumber = 1000;
  long seed = 1;
  Impairment sending = Impairment.none();
  Impairment receiving = Impairment.none();
  private final Set<KeyTap> keyTaps = new LinkedHashSet<>();
  boolean deaf;
  @Nullable ArrivalListener listener;
  boolean patient = true;
  boolean privateRoom;
  NetworkNamespace network = NetworkNamespace.PRESENT;
  RelayAccess relays = RelayAccess.none();

  /**
   * An endpoint that only listens, and speaks double SRTP.
   *
   * @param id its nickname in the room, and its name on the bridge; Jitsi's clients use 8
   *     hexadecimal digits
   * @param recordings folder for what it receives
   */
  public EndpointOptions(String id, Path recordings) {
    this.id = id;
    this.recordings = recordings;
  }

  /** Offers or accepts these profiles, best first. */
  @CanIgnoreReturnValue
  public EndpointOptions profiles(SrtpProfile... profiles) {
    this.profiles = List.of(profiles);
    return this;
  }

  /** Is the DTLS client ({@code ACTIVE}) or the server ({@code PASSIVE}). */
  @CanIgnoreReturnValue
  public EndpointOptions setup(DtlsSetup setup) {
    this.setup = setup;
    return this;
  }

  /** Hides header extensions from the network, or does not. */
  @CanIgnoreReturnValue
  public EndpointOptions cryptex(CryptexPolicy cryptex) {
    this.cryptex = cryptex;
    return this;
  }

  /** Gives DTLS so much time; otherwise it has half a minute, and a second chance. */
  @CanIgnoreReturnValue
  public EndpointOptions timeout(Duration timeout) {
    this.timeout = timeout;
    this.triesAgain = false;
    return this;
  }

  /**
   * Would like to be told of congestion in this way, and to tell; transport-wide if nothing else is
   * said, as real clients do.
   */
  @CanIgnoreReturnValue
  public EndpointOptions feedback(CongestionFeedback feedback) {
    this.feedback = feedback;
    return this;
  }

  /**
   * Sends no more than the transport carries, as far as the bridge tells, as real clients do.
   * Otherwise all layers are always sent, so that what comes of them can be foretold.
   */
  @CanIgnoreReturnValue
  public EndpointOptions adaptive() {
    this.adapts = true;
    return this;
  }

  /** Plays this all the time. */
  @CanIgnoreReturnValue
  public EndpointOptions speech(SpeechClip speech) {
    this.speech = speech;
    return this;
  }

  /** Tells the bridge so much of what is played. */
  @CanIgnoreReturnValue
  public EndpointOptions activity(ActivityMode activity) {
    this.activity = activity;
    return this;
  }

  /** Shows this all the time. */
  @CanIgnoreReturnValue
  public EndpointOptions picture(PictureClip picture) {
    this.picture = picture;
    return this;
  }

  /**
   * Shows these all the time, instead of a picture without layers: one clip, or several encodings
   * of the same pictures, lowest first.
   */
  @CanIgnoreReturnValue
  public EndpointOptions layers(LayeredClip... encodings) {
    this.layers = List.of(encodings);
    return this;
  }

  /** Describes VP9's structure in this way, if it has layers of VP9 to show. */
  @CanIgnoreReturnValue
  public EndpointOptions vp9Mode(Vp9Payload.Mode mode) {
    this.vp9Mode = mode;
    return this;
  }

  /**
   * Tells the bridge this of each packet of layers; short frame marking if nothing else is said.
   */
  @CanIgnoreReturnValue
  public EndpointOptions markings(PacketMarkings.Factory markings) {
    this.markings = markings;
    return this;
  }

  /** Starts all streams with this sequence number. */
  @CanIgnoreReturnValue
  public EndpointOptions initialSequenceNumber(int initialSequenceNumber) {
    this.initialSequenceNumber = initialSequenceNumber;
    return this;
  }

  /** Makes SSRCs and initial timestamps from this. */
  @CanIgnoreReturnValue
  public EndpointOptions seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** Has a bad network between itself and the bridge, for RTP. */
  @CanIgnoreReturnValue
  public EndpointOptions impairment(Impairment sending, Impairment receiving) {
    this.sending = sending;
    this.receiving = receiving;
    return this;
  }

  /** Has its addresses in a network namespace, as at the far end of a limited link. */
  @CanIgnoreReturnValue
  public EndpointOptions network(NetworkNamespace network) {
    this.network = network;
    return this;
  }

  /** May use STUN and TURN servers. */
  @CanIgnoreReturnValue
  public EndpointOptions relays(RelayAccess relays) {
    this.relays = relays;
    return this;
  }

  /** Tells somebody, too, what the bridge knows. */
  @CanIgnoreReturnValue
  public EndpointOptions keyTap(KeyTap keyTap) {
    boolean unused = keyTaps.add(keyTap);
    return this;
  }

  /** Returns what tells all of them, or null if there is nobody to tell. */
  @Nullable KeyTap keyTap() {
    if (keyTaps.isEmpty()) {
      return null;
    }
    return (profile, exported) -> {
      for (KeyTap tap : keyTaps) {
        tap.keyingMaterial(profile, exported.clone());
      }
    };
  }

  /**
   * Tells somebody of each packet that arrives, and keeps accounts of the last {@link
   * #LONG_RUN_PACKETS} of each source only; records nothing, not even what RTCP tells, and asks for
   * no key frames.
   */
  @CanIgnoreReturnValue
  public EndpointOptions longRun(ArrivalListener listener) {
    this.listener = listener;
    return this;
  }

  /** Tells whether all that comes is kept. */
  boolean keepsAll() {
    return listener == null;
  }

  /** Returns how many packets of each source are kept, sent or received. */
  int accounts() {
    return keepsAll() ? Integer.MAX_VALUE : LONG_RUN_PACKETS;
  }

  /** Counts what media comes and looks at none of it, for loads. */
  @CanIgnoreReturnValue
  public EndpointOptions deaf() {
    this.deaf = true;
    return this;
  }

  /**
   * Refuses at once what no key opens, and counts it as what it was then, instead of trying it
   * again for a moment.
   */
  @CanIgnoreReturnValue
  public EndpointOptions impatient() {
    this.patient = false;
    return this;
  }

  /** Sends nothing while somebody is in the room who is no member of the group. */
  @CanIgnoreReturnValue
  public EndpointOptions privateRoom() {
    this.privateRoom = true;
    return this;
  }
}
