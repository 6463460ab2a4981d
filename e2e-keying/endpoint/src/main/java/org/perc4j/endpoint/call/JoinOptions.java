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
 * @param notice what people in the room are told who are outside of the group, once each; or null
 * @param sending what is sent
 * @param delay how long the sound of others waits
 * @param session of the group; a listener for held packets is replaced
 * @param network the ways to the deployment
 */
public record JoinOptions(
    EndpointIdentity identity,
    CredentialValidator validator,
    @Nullable String displayName,
    @Nullable String password,
    @Nullable String notice,
    Sending sending,
    SoundDelay delay,
    SessionOptions session,
    Network network) {
  /** What outsiders are told unless said otherwise. */
  public static final String NOTICE =
      "People in this room are encrypted end to end with perc4j. You are not in their private"
          + " group: you neither hear nor see them, and they neither hear nor see you.";

  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  /**
   * What is sent.
   *
   * @param audio whether there is sound
   * @param video how pictures are encoded, or null if there are none
   * @param activity what the bridge is told about who speaks
   */
  public record Sending(boolean audio, @Nullable VideoFormat video, ActivityMode activity) {}

  /**
   * Bounds for how long sound waits to come without gaps; in between, it is as long as the network
   * asks for.
   *
   * @param max 5 s at most
   */
  public record SoundDelay(Duration min, Duration max) {}

  /**
   * The ways to the deployment.
   *
   * @param web whom to trust
   * @param sockets where the sockets of media are made
   * @param patience how long Jicofo, ICE and DTLS may take each, by the clock
   */
  public record Network(WebClient web, SocketScope sockets, Duration patience) {}

  /** Somebody who listens and sends nothing. */
  public static JoinOptions of(EndpointIdentity identity, CredentialValidator validator) {
    return new JoinOptions(
        identity,
        validator,
        null,
        null,
        NOTICE,
        new Sending(false, null, ActivityMode.MINIMAL),
        new SoundDelay(SoundBuffer.MIN_DELAY, SoundBuffer.MAX_DELAY),
        SessionOptions.DEFAULT,
        new Network(WebClient.create(), SocketScope.PRESENT, DEFAULT_PATIENCE));
  }

  /** Returns the same with a name that is shown. */
  public JoinOptions withDisplayName(String name) {
    return new JoinOptions(
        identity, validator, name, password, notice, sending, delay, session, network);
  }

  /** Returns the same with the room's password. */
  public JoinOptions withPassword(String secret) {
    return new JoinOptions(
        identity, validator, displayName, secret, notice, sending, delay, session, network);
  }

  /** Returns the same with another notice for people outside of the group; null for none. */
  public JoinOptions withNotice(@Nullable String text) {
    return new JoinOptions(
        identity, validator, displayName, password, text, sending, delay, session, network);
  }

  /** Returns the same with sound. */
  public JoinOptions withAudio() {
    return with(new Sending(true, sending.video(), sending.activity()));
  }

  /** Returns the same with pictures. */
  public JoinOptions withVideo(VideoFormat format) {
    return with(new Sending(sending.audio(), format, sending.activity()));
  }

  /** Returns the same, which tells the bridge this about who speaks. */
  public JoinOptions withActivity(ActivityMode mode) {
    return with(new Sending(sending.audio(), sending.video(), mode));
  }

  /**
   * Returns the same with other bounds for how long the sound of others waits; 1 s to 1 s serves
   * whoever records.
   */
  public JoinOptions withSoundDelay(Duration min, Duration max) {
    return with(new SoundDelay(min, max));
  }

  /** Returns the same with other options of the group. */
  public JoinOptions withSession(SessionOptions other) {
    return new JoinOptions(
        identity, validator, displayName, password, notice, sending, delay, other, network);
  }

  /** Returns the same on another way to the deployment. */
  public JoinOptions withWeb(WebClient other) {
    return with(new Network(other, network.sockets(), network.patience()));
  }

  /** Returns the same with sockets that are made elsewhere. */
  public JoinOptions withSockets(SocketScope other) {
    return with(new Network(network.web(), other, network.patience()));
  }

  /** Returns the same with another patience. */
  public JoinOptions withPatience(Duration other) {
    return with(new Network(network.web(), network.sockets(), other));
  }

  private JoinOptions with(Sending other) {
    return new JoinOptions(
        identity, validator, displayName, password, notice, other, delay, session, network);
  }

  private JoinOptions with(SoundDelay other) {
    return new JoinOptions(
        identity, validator, displayName, password, notice, sending, other, session, network);
  }

  private JoinOptions with(Network other) {
    return new JoinOptions(
        identity, validator, displayName, password, notice, sending, delay, session, other);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return identity.name() + (displayName == null ? "" : " as " + displayName);
  }
}
