/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jitsi.xmpp.extensions.DefaultPacketExtensionProvider;
import org.jitsi.xmpp.extensions.jingle.ContentPacketExtension;
import org.jitsi.xmpp.extensions.jingle.JingleAction;
import org.jitsi.xmpp.extensions.jingle.JingleIQ;
import org.jitsi.xmpp.extensions.jingle.JingleIQProvider;
import org.jitsi.xmpp.extensions.jingle.JinglePacketFactory;
import org.jitsi.xmpp.extensions.jingle.Reason;
import org.jitsi.xmpp.extensions.jitsimeet.BridgeSessionPacketExtension;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityFullJid;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;

/**
 * An occupant's Jingle sessions with Jicofo, one after the other: answers its offers, tells it of
 * sources, and hears of those of others. Believes no other occupant. Thread-safe; calls that ask
 * for something wait for the answer.
 */
public final class JingleSession implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(JingleSession.class.getName());

  /** What Jicofo looks for to decide what it offers. */
  private static final Set<String> FEATURES =
      Set.of(
          "urn:xmpp:jingle:1",
          "urn:xmpp:jingle:apps:rtp:1",
          "urn:xmpp:jingle:apps:rtp:audio",
          "urn:xmpp:jingle:apps:rtp:video",
          "urn:xmpp:jingle:transports:ice-udp:1",
          "urn:xmpp:jingle:apps:dtls:0",
          "urn:ietf:rfc:4588",
          "urn:ietf:rfc:5761",
          "urn:ietf:rfc:5888",
          "http://jitsi.org/source-name",
          "http://jitsi.org/tcc",
          "http://jitsi.org/remb",
          "http://jitsi.org/receive-multiple-video-streams");

  static {
    ProviderManager.addIQProvider(JingleIQ.ELEMENT, JingleIQ.NAMESPACE, new JingleIQProvider());
    ProviderManager.addExtensionProvider(
        BridgeSessionPacketExtension.ELEMENT,
        BridgeSessionPacketExtension.NAMESPACE,
        new DefaultPacketExtensionProvider<>(BridgeSessionPacketExtension.class));
  }

  /**
   * Hears of what Jicofo wants; on the thread that reads the connection, which it must not block.
   */
  public interface Listener {
    /**
     * There is a session, or another transport for the one that there is: connect by it, and accept
     * it. Whatever was offered before is void.
     */
    void offered(Offer offer);

    /** The bridge has other ICE credentials, as it was {@linkplain #requestIceRestart asked}. */
    void iceRestarted(IceRestart restart);

    /**
     * Jicofo ended the session that was accepted last.
     *
     * @param reason for logs; or null
     */
    void ended(@Nullable String reason);
  }

  /** What Jicofo offered. Immutable. */
  public static final class Offer {
    private final JingleIQ request;
    private final TransportDescription transport;
    private final @Nullable URI channel;

    private Offer(JingleIQ request) throws SignallingException {
      this.request = request;
      this.transport = JingleDescriptions.transport(request.getContentList());
      this.channel = JingleDescriptions.channel(request.getContentList());
    }

    /** Returns the bridge's side of the transport. */
    public TransportDescription transport() {
      return transport;
    }

    /** Returns where the bridge's WebSocket is, or null if it has none. */
    public @Nullable URI channel() {
      return channel;
    }

    /** Whether the deployment takes pictures of a codec. */
    public boolean takes(VideoCodec codec) {
      return JingleDescriptions.offersPayloadType(request.getContentList(), PayloadTypes.of(codec));
    }

    /** Returns how both ends can tell each other of congestion, if one wishes for this. */
    public CongestionFeedback feedback(CongestionFeedback wanted) {
      return JingleDescriptions.feedback(request.getContentList(), wanted);
    }

    private boolean isNewSession() {
      return request.getAction() == JingleAction.SESSION_INITIATE;
    }
  }

  /**
   * What the bridge's side is when ICE is restarted.
   *
   * @param transport the same in DTLS as before
   * @param generation how often the bridge has restarted ICE
   */
  public record IceRestart(TransportDescription transport, int generation) {}

  private final AbstractXMPPConnection connection;
  private final EntityFullJid focus;
  private final String id;
  private final Listener listener;
  private final AnnouncedSources sources = new AnnouncedSources();
  private volatile @Nullable Offer accepted;
  private volatile boolean closed;

  /**
   * Listens from now on.
   *
   * @param connection stays its owner's; it has one such session at a time
   * @param focus Jicofo in the room
   * @param id own nickname, for logs
   */
  public JingleSession(
      AbstractXMPPConnection connection, EntityFullJid focus, String id, Listener listener) {
    this.connection = connection;
    this.focus = focus;
    this.id = id;
    this.listener = listener;
    ServiceDiscoveryManager discovery = ServiceDiscoveryManager.getInstanceFor(connection);
    FEATURES.forEach(discovery::addFeature);
    IQRequestHandler unused =
        connection.registerIQRequestHandler(
            new AbstractIqRequestHandler(
                JingleIQ.ELEMENT, JingleIQ.NAMESPACE, IQ.Type.set, IQRequestHandler.Mode.sync) {
              @Override
              public IQ handleIQRequest(IQ request) {
                return handle((JingleIQ) request);
              }
            });
  }

  private IQ handle(JingleIQ request) {
    if (closed || !focus.equals(request.getFrom())) {
      return error(request, StanzaError.Condition.forbidden, "not Jicofo");
    }
    try {
      act(request);
    } catch (SignallingException e) {
      LOGGER.log(Level.WARNING, id + " cannot use what Jicofo says", e);
      return error(request, StanzaError.Condition.bad_request, String.valueOf(e.getMessage()));
    }
    return IQ.createResultIQ(request);
  }

  private static IQ error(JingleIQ request, StanzaError.Condition condition, String text) {
    return IQ.createErrorResponse(request, StanzaError.from(condition, text).build());
  }

  private void act(JingleIQ request) throws SignallingException {
    if (request.getAction() == null) {
      throw new SignallingException("no action");
    }
    switch (request.getAction()) {
      case SESSION_INITIATE, TRANSPORT_REPLACE -> {
        Offer offer = new Offer(request);
        List<Source> offered = JingleDescriptions.sources(request.getContentList());
        sources.clear();
        sources.add(offered);
        listener.offered(offer);
      }
      case SOURCEADD, ADDSOURCE ->
          sources.add(JingleDescriptions.sources(request.getContentList()));
      case SOURCEREMOVE, REMOVESOURCE ->
          sources.remove(JingleDescriptions.sources(request.getContentList()));
      case SESSION_TERMINATE -> ended(request);
      case TRANSPORT_INFO -> iceRestarted(request);
      default -> {
        // nothing that this side does not know
      }
    }
  }

  private void ended(JingleIQ request) {
    Offer current = accepted;
    if (current != null && current.request.getSID().equals(request.getSID())) {
      accepted = null;
      sources.clear();
      listener.ended(request.getReason() == null ? null : request.getReason().getText());
    }
  }

  private void iceRestarted(JingleIQ request) throws SignallingException {
    Offer current = accepted;
    if (current != null) {
      List<ContentPacketExtension> contents = request.getContentList();
      listener.iceRestarted(
          new IceRestart(
              JingleDescriptions.restarted(contents, current.transport()),
              JingleDescriptions.iceGeneration(contents)));
    }
  }

  /** Returns who sends what, as Jicofo says. */
  public AnnouncedSources sources() {
    return sources;
  }

  /**
   * Accepts an offer.
   *
   * @param feedback as the offer has it
   * @param own this side of the transport
   * @param sent own sources
   */
  public void accept(
      Offer offer, CongestionFeedback feedback, TransportDescription own, List<Source> sent)
      throws IOException, InterruptedException {
    accepted = offer;
    request(
        offer,
        offer.isNewSession() ? JingleAction.SESSION_ACCEPT : JingleAction.TRANSPORT_ACCEPT,
        JingleDescriptions.answer(offer.request.getContentList(), feedback, own, sent));
  }

  /** Tells the bridge of further candidates of this side (transport-info). */
  public void addCandidates(TransportDescription own) throws IOException, InterruptedException {
    request(current(), JingleAction.TRANSPORT_INFO, List.of(JingleDescriptions.candidates(own)));
  }

  /** Announces more own sources (source-add). */
  public void announce(List<Source> added) throws IOException, InterruptedException {
    request(current(), JingleAction.SOURCEADD, JingleDescriptions.ofSources(added));
  }

  /** Withdraws own sources (source-remove). */
  public void withdraw(List<Source> removed) throws IOException, InterruptedException {
    request(current(), JingleAction.SOURCEREMOVE, JingleDescriptions.ofSources(removed));
  }

  /** Asks for other ICE credentials of the bridge (session-info); the listener hears of them. */
  public void requestIceRestart() throws IOException, InterruptedException {
    Offer current = current();
    JingleIQ request = new JingleIQ(JingleAction.SESSION_INFO, current.request.getSID());
    request.setType(IQ.Type.set);
    request.setTo(current.request.getFrom());
    BridgeSessionPacketExtension restart = bridgeSession(current);
    restart.setIceRestart(true);
    request.addExtension(restart);
    send(request);
  }

  /**
   * Tells the bridge of this side when ICE is restarted (transport-info).
   *
   * @param generation what the bridge said
   */
  public void acceptIceRestart(TransportDescription own, int generation)
      throws IOException, InterruptedException {
    request(
        current(),
        JingleAction.TRANSPORT_INFO,
        List.of(JingleDescriptions.iceRestart(own, generation)));
  }

  /** Ends the session, as the bridge is not reached by it, and asks for another one. */
  public void requestRestart() throws IOException, InterruptedException {
    Offer current = current();
    JingleIQ termination = termination(current, Reason.CONNECTIVITY_ERROR);
    BridgeSessionPacketExtension restart = bridgeSession(current);
    restart.setRestart(true);
    termination.addExtension(restart);
    send(termination);
  }

  private static BridgeSessionPacketExtension bridgeSession(Offer current) {
    BridgeSessionPacketExtension offered =
        current.request.getExtension(BridgeSessionPacketExtension.class);
    return new BridgeSessionPacketExtension(offered == null ? null : offered.getId(), null);
  }

  private JingleIQ termination(Offer current, Reason reason) {
    return JinglePacketFactory.createSessionTerminate(
        connection.getUser(), current.request.getFrom(), current.request.getSID(), reason, null);
  }

  private Offer current() throws SignallingException {
    Offer current = accepted;
    if (current == null) {
      throw new SignallingException("no session for " + id);
    }
    return current;
  }

  private void request(Offer offer, JingleAction action, List<ContentPacketExtension> contents)
      throws IOException, InterruptedException {
    JingleIQ request = new JingleIQ(action, offer.request.getSID());
    request.setType(IQ.Type.set);
    request.setTo(offer.request.getFrom());
    request.setInitiator(offer.request.getInitiator());
    request.setResponder(connection.getUser());
    contents.forEach(request::addContent);
    send(request);
  }

  private void send(IQ request) throws IOException, InterruptedException {
    try {
      Object unused = connection.sendIqRequestAndWaitForResponse(request);
    } catch (SmackException | XMPPException e) {
      throw new IOException(e);
    }
  }

  /** Ends the session, without waiting; the room and the connection stay. */
  @Override
  public void close() {
    closed = true;
    Offer current = accepted;
    if (current != null && connection.isAuthenticated()) {
      try {
        // Jicofo may have ended it meanwhile, which is as good.
        connection.sendStanza(termination(current, Reason.SUCCESS));
      } catch (SmackException e) {
        LOGGER.log(Level.FINE, id + " could not send a session-terminate", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
