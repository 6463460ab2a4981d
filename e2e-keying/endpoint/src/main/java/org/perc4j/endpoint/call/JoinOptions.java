/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.transport.SocketScope;
import org.perc4j.endpoint.web.WebClient;

/**
 * Who joins, with what, and whom it trusts. Immutable.
 *
 * @param identity the key by which others know this person or device
 * @param validator decides who may be a member of the group
 * @param displayName shown to everybody in the room, and to the server; or null
 * @param password of the room; or null
 * @param audio whether there is sound to send
 * @param video how the pictures to send are encoded, or null if there are none
 * @param activity what the bridge is told about who speaks
 * @param minDelay how long the sound of others waits at least, to come without gaps
 * @param maxDelay how long it waits at most, 5 s at most
 * @param session of the group; a listener for held packets is replaced
 * @param web whom to trust on the way to the deployment
 * @param sockets where the sockets of media are made
 * @param patience how long Jicofo, ICE and DTLS may take each, by the clock
 */
public record JoinOptions(
    EndpointIdentity identity,
    CredentialValidator validator,
    @Nullable String displayName,
    @Nullable String password,
    boolean audio,
    @Nullable VideoFormat video,
    ActivityMode activity,
    Duration minDelay,
    Duration maxDelay,
    SessionOptions session,
    WebClient web,
    SocketScope sockets,
    Duration patience) {
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  /** Somebody who listens and sends nothing. */
  public static JoinOptions of(EndpointIdentity identity, CredentialValidator validator) {
    return new JoinOptions(
        identity,
        validator,
        null,
        null,
        false,
        null,
        ActivityMode.MINIMAL,
        SoundBuffer.MIN_DELAY,
        SoundBuffer.MAX_DELAY,
        SessionOptions.DEFAULT,
        WebClient.create(),
        SocketScope.PRESENT,
        DEFAULT_PATIENCE);
  }

  /** Returns the same with a name that is shown. */
  public JoinOptions withDisplayName(String name) {
    return new JoinOptions(
        identity, validator, name, password, audio, video, activity, minDelay, maxDelay, session,
        web, sockets, patience);
  }

  /** Returns the same with the room's password. */
  public JoinOptions withPassword(String secret) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        secret,
        audio,
        video,
        activity,
        minDelay,
        maxDelay,
        session,
        web,
        sockets,
        patience);
  }

  /** Returns the same with sound. */
  public JoinOptions withAudio() {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        true,
        video,
        activity,
        minDelay,
        maxDelay,
        session,
        web,
        sockets,
        patience);
  }

  /** Returns the same with pictures. */
  public JoinOptions withVideo(VideoFormat format) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        format,
        activity,
        minDelay,
        maxDelay,
        session,
        web,
        sockets,
        patience);
  }

  /** Returns the same, which tells the bridge this about who speaks. */
  public JoinOptions withActivity(ActivityMode mode) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        video,
        mode,
        minDelay,
        maxDelay,
        session,
        web,
        sockets,
        patience);
  }

  /**
   * Returns the same with other bounds for how long the sound of others waits; 1 s to 1 s serves
   * whoever records.
   */
  public JoinOptions withSoundDelay(Duration atLeast, Duration atMost) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        video,
        activity,
        atLeast,
        atMost,
        session,
        web,
        sockets,
        patience);
  }

  /** Returns the same with other options of the group. */
  public JoinOptions withSession(SessionOptions other) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        video,
        activity,
        minDelay,
        maxDelay,
        other,
        web,
        sockets,
        patience);
  }

  /** Returns the same on another way to the deployment. */
  public JoinOptions withWeb(WebClient other) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        video,
        activity,
        minDelay,
        maxDelay,
        session,
        other,
        sockets,
        patience);
  }

  /** Returns the same with sockets that are made elsewhere. */
  public JoinOptions withSockets(SocketScope other) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        video,
        activity,
        minDelay,
        maxDelay,
        session,
        web,
        other,
        patience);
  }

  /** Returns the same with another patience. */
  public JoinOptions withPatience(Duration other) {
    return new JoinOptions(
        identity,
        validator,
        displayName,
        password,
        audio,
        video,
        activity,
        minDelay,
        maxDelay,
        session,
        web,
        sockets,
        other);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return identity.name() + (displayName == null ? "" : " as " + displayName);
  }
}
