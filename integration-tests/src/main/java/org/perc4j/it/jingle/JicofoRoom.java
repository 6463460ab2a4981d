/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.jingle;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.xmpp.XmppRoom;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.endpoint.deployment.DeploymentException;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.jingle.ConferenceRequest;
import org.perc4j.endpoint.jingle.HttpConferenceRequest;
import org.perc4j.endpoint.jingle.XmppConferenceRequest;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.bridge.BridgeMessages;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.xmpp.ProsodyServer;

/**
 * A room of a Jitsi Meet backend. Each endpoint is an occupant with a connection of its own, and
 * hears from Jicofo alone where the bridge is and who sends what. Those who are members of a group
 * speak its protocol in the same room on the same connection; others enter it without.
 */
public final class JicofoRoom implements Room {
  /** Makes what asks Jicofo for the conference. */
  private interface Requests {
    ConferenceRequest by(AbstractXMPPConnection connection);
  }

  private final XmppServer server;
  private final @Nullable ProsodyServer plainly;
  private final EntityBareJid room;
  private final Requests requests;
  private final HttpClient http;
  private final Map<String, JingleOccupant> occupants = new ConcurrentHashMap<>();
  private final Map<String, PlainOccupant> plain = new ConcurrentHashMap<>();

  private JicofoRoom(
      XmppServer server,
      @Nullable ProsodyServer plainly,
      EntityBareJid room,
      Requests requests,
      HttpClient http) {
    this.server = server;
    this.plainly = plainly;
    this.room = room;
    this.requests = requests;
    this.http = http;
  }

  /** Names a room; it is made when somebody enters it. */
  public static JicofoRoom on(ProsodyServer server, String name) throws XmppStringprepException {
    EntityBareJid room = JidCreate.entityBareFrom(ProsodyServer.room(name));
    Jid focus = JidCreate.from(ProsodyServer.FOCUS + "/focus");
    return new JicofoRoom(
        server.guests(),
        server,
        room,
        connection -> new XmppConferenceRequest(connection, focus, room),
        HttpClient.newHttpClient());
  }

  /**
   * Names a room of a deployment that is reached as browsers do; members of its group only.
   *
   * @param http for the bridges' WebSockets
   */
  public static JicofoRoom of(JitsiDeployment deployment, WebClient web, HttpClient http)
      throws DeploymentException, XmppStringprepException {
    EntityBareJid room = JidCreate.entityBareFrom(deployment.room());
    Jid focus = JidCreate.from(deployment.focusUser() + "/focus");
    URI request = deployment.conferenceRequest();
    return new JicofoRoom(
        deployment.server(),
        null,
        room,
        connection ->
            request == null
                ? new XmppConferenceRequest(connection, focus, room)
                : new HttpConferenceRequest(
                    web, request, deployment.room(), deployment.url().token()),
        http);
  }

  /** Asks Jicofo for the conference, and returns a channel into the room that is to be entered. */
  public RoomChannel enter(String endpoint) throws IOException, InterruptedException {
    XmppRoom channel = server.room(room.toString(), endpoint);
    introduce(
        endpoint,
        channel.connection(),
        new JingleOccupant.Occupancy() {
          @Override
          public void show(List<? extends ExtensionElement> elements) throws IOException {
            channel.show(elements);
          }

          @Override
          public void reenter() {
            channel.reenter();
          }
        });
    return channel;
  }

  private void introduce(
      String endpoint, AbstractXMPPConnection connection, JingleOccupant.Occupancy occupancy)
      throws IOException, InterruptedException {
    JingleOccupant occupant =
        new JingleOccupant(connection, room, requests.by(connection), endpoint, occupancy, http);
    occupant.start();
    occupants.put(endpoint, occupant);
  }

  /** Returns where an endpoint finds who sends what, once it has asked for the conference. */
  public AnnouncedSources roster(String endpoint) throws IOException, InterruptedException {
    enterPlainly(endpoint);
    return occupant(endpoint).roster();
  }

  /** Whoever has no channel into the room is no member of a group. */
  private void enterPlainly(String endpoint) throws IOException, InterruptedException {
    if (!occupants.containsKey(endpoint)) {
      if (plainly == null) {
        throw new SignallingException(endpoint + " is no member");
      }
      PlainOccupant occupant = new PlainOccupant(plainly.newGuest(), room, endpoint);
      introduce(endpoint, occupant.connection(), occupant);
      occupant.enter();
      plain.put(endpoint, occupant);
    }
  }

  private JingleOccupant occupant(String endpoint) throws SignallingException {
    JingleOccupant occupant = occupants.get(endpoint);
    if (occupant == null) {
      throw new SignallingException(endpoint + " is not in " + room);
    }
    return occupant;
  }

  @Override
  public TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException {
    return occupant(endpoint).awaitOffer(wanted);
  }

  @Override
  public CongestionFeedback feedback(String endpoint) {
    JingleOccupant occupant = occupants.get(endpoint);
    return occupant == null ? CongestionFeedback.NONE : occupant.feedback();
  }

  @Override
  public TransportDescription restart(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException {
    JingleOccupant occupant = occupant(endpoint);
    occupant.requestRestart();
    return occupant.awaitOffer(wanted);
  }

  @Override
  public TransportDescription requestIceRestart(String endpoint)
      throws IOException, InterruptedException {
    return occupant(endpoint).requestIceRestart();
  }

  @Override
  public void setIceRestart(String endpoint, TransportDescription transport)
      throws IOException, InterruptedException {
    occupant(endpoint).acceptIceRestart(transport);
  }

  @Override
  public void lost(String endpoint) {
    JingleOccupant occupant = occupants.get(endpoint);
    if (occupant != null) {
      occupant.lost();
    }
  }

  @Override
  public void whenMoved(String endpoint, Runnable connects) {
    JingleOccupant occupant = occupants.get(endpoint);
    if (occupant != null) {
      occupant.whenMoved(connects);
    }
  }

  @Override
  public void setTransport(String endpoint, TransportDescription transport, List<Source> sources)
      throws IOException, InterruptedException {
    occupant(endpoint).accept(transport, sources);
  }

  @Override
  public void setConstraints(String endpoint, ReceiverConstraints constraints)
      throws IOException, InterruptedException {
    occupant(endpoint).constrain(constraints);
  }

  /** Withdraws what an endpoint sends of a kind (source-remove), or announces it again. */
  public void withdraw(String endpoint, MediaKind kind, boolean withdraws)
      throws IOException, InterruptedException {
    occupant(endpoint).withdraw(kind, withdraws);
  }

  /** An endpoint leaves the room and enters it again, as it does that Jicofo does not invite. */
  public void reenter(String endpoint) throws IOException, InterruptedException {
    occupant(endpoint).reenter();
  }

  /** Shows in an endpoint's presence that it is mute, or is not any more. */
  public void mute(String endpoint, MediaKind kind, boolean mutes)
      throws IOException, InterruptedException {
    occupant(endpoint).mute(kind, mutes);
  }

  /**
   * Returns the status that an occupant's presence shows to one who is no member of a group, or
   * null.
   */
  public @Nullable String shownTo(String viewer, String endpoint) {
    PlainOccupant occupant = plain.get(viewer);
    return occupant == null ? null : occupant.status(endpoint);
  }

  private @Nullable BridgeMessages told(String endpoint) {
    JingleOccupant occupant = occupants.get(endpoint);
    return occupant == null ? null : occupant.messages();
  }

  @Override
  public @Nullable String dominantSpeaker(String endpoint) {
    BridgeMessages told = told(endpoint);
    return told == null ? null : told.dominantSpeaker();
  }

  @Override
  public List<String> messages(String endpoint) {
    BridgeMessages told = told(endpoint);
    return told == null ? List.of() : told.messages();
  }

  /** Ends an endpoint's session; whoever is a member of the group leaves the room when it ends. */
  @Override
  public void removeEndpoint(String endpoint) throws IOException {
    JingleOccupant occupant = occupants.remove(endpoint);
    if (occupant != null) {
      occupant.close();
    }
    PlainOccupant gone = plain.remove(endpoint);
    if (gone != null) {
      gone.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (String endpoint : List.copyOf(occupants.keySet())) {
      removeEndpoint(endpoint);
    }
  }
}
