/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.jingle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.endpoint.jingle.ConferenceRequest;
import org.perc4j.endpoint.jingle.FocusWatch;
import org.perc4j.endpoint.jingle.JingleSession;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.BridgeChannel;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.it.bridge.BridgeMessages;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.harness.TimedOutException;

/**
 * An occupant of a Jitsi room as Jicofo sees it: asks for the conference, answers Jicofo's offers,
 * tells of its sources and hears of those of others. Asks again when Jicofo or the server was away.
 * Thread-safe.
 */
final class JingleOccupant implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(JingleOccupant.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOCUS_NICKNAME = "focus";
  private static final long REQUEST_INTERVAL_MILLIS = 500;

  /** The occupant's place in the room. */
  interface Occupancy {
    /** Shows elements in the presence, in place of others that it showed. */
    void show(List<? extends ExtensionElement> elements) throws IOException, InterruptedException;

    /** Leaves the room and enters it again, if it is in there. */
    void reenter() throws IOException, InterruptedException;
  }

  private final AbstractXMPPConnection connection;
  private final EntityBareJid room;
  private final EntityFullJid focusInRoom;
  private final ConferenceRequest request;
  private final JingleSession session;
  private final String id;
  private final Occupancy occupancy;
  private final HttpClient http;

  /** The newest offer that nobody has taken. */
  private final BlockingQueue<JingleSession.Offer> offers = new LinkedBlockingQueue<>();

  /** What the bridge's side is when ICE is restarted. */
  private final BlockingQueue<JingleSession.IceRestart> restarts = new LinkedBlockingQueue<>();

  private final ExecutorService requests;
  private final ExecutorService moves;
  private volatile @Nullable FocusWatch watch;

  @GuardedBy("this")
  private List<Source> sources = List.of();

  @GuardedBy("this")
  private final Set<MediaKind> withdrawn = EnumSet.noneOf(MediaKind.class);

  @GuardedBy("this")
  private final Set<MediaKind> muted = EnumSet.noneOf(MediaKind.class);

  @GuardedBy("this")
  private @Nullable ReceiverConstraints constraints;

  @GuardedBy("this")
  private @Nullable BridgeChannel channel;

  private volatile @Nullable BridgeMessages messages;

  private volatile JingleSession.@Nullable Offer taken;
  private volatile CongestionFeedback feedback = CongestionFeedback.NONE;
  private volatile int iceGeneration;
  private volatile @Nullable Runnable moved;
  private volatile boolean closed;

  /**
   * Prepares an occupant on a connection, which stays its owner's.
   *
   * @param request asks Jicofo for the conference
   * @param id its nickname
   */
  JingleOccupant(
      AbstractXMPPConnection connection,
      EntityBareJid room,
      ConferenceRequest request,
      String id,
      Occupancy occupancy,
      HttpClient http)
      throws IOException {
    this.connection = connection;
    this.room = room;
    this.request = request;
    this.focusInRoom = JidCreate.entityFullFrom(room, Resourcepart.from(FOCUS_NICKNAME));
    this.id = id;
    this.occupancy = occupancy;
    this.http = http;
    this.requests = Executors.newSingleThreadExecutor(task -> daemon(task, "-requests"));
    this.moves = Executors.newSingleThreadExecutor(task -> daemon(task, "-moves"));
    this.session = new JingleSession(connection, focusInRoom, id, new Offers());
  }

  private Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, id + name);
    thread.setDaemon(true);
    return thread;
  }

  /** Connects, logs in, and asks Jicofo for the conference; returns when Jicofo is in the room. */
  void start() throws IOException, InterruptedException {
    try {
      connection.connect();
      connection.login();
    } catch (SmackException | XMPPException e) {
      throw new IOException(e);
    }
    requestConference();
    watch =
        new FocusWatch(
            connection,
            focusInRoom,
            request,
            () -> inBackground(this::reenter, Level.WARNING, "cannot enter the room again"));
  }

  private void later(ExecutorService thread, Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  /** Something that is asked of Jicofo. */
  private interface Request {
    void make() throws IOException, InterruptedException;
  }

  private void inBackground(Request request, Level level, String failure) {
    later(
        requests,
        () -> {
          try {
            request.make();
          } catch (IOException e) {
            if (!closed) {
              LOGGER.log(level, id + " " + failure, e);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Leaves the room and enters it again; Jicofo ends the session and offers another one. */
  void reenter() throws IOException, InterruptedException {
    occupancy.reenter();
  }

  private void requestConference() throws IOException, InterruptedException {
    long deadline = ServedTime.nanos() + Await.PATIENCE.toNanos();
    while (!closed) {
      // Jicofo may be away, or the server; both come back.
      if (request.ask() == ConferenceRequest.Answer.READY) {
        return;
      }
      if (ServedTime.nanos() - deadline > 0) {
        throw new TimedOutException("Jicofo is not ready for " + room);
      }
      TimeUnit.MILLISECONDS.sleep(REQUEST_INTERVAL_MILLIS);
    }
  }

  private final class Offers implements JingleSession.Listener {
    @Override
    public void offered(JingleSession.Offer offer) {
      synchronized (offers) {
        offers.clear();
        offers.add(offer);
      }
      FocusWatch watching = watch;
      if (watching != null) {
        watching.invited();
      }
      later(
          moves,
          () -> {
            Runnable connects = moved;
            if (connects != null && !offers.isEmpty()) {
              connects.run();
            }
          });
    }

    @Override
    public void iceRestarted(JingleSession.IceRestart restart) {
      restarts.add(restart);
    }

    @Override
    public void ended(@Nullable String reason) {
      LOGGER.log(Level.FINE, "{0}: {1}", new Object[] {id, reason});
    }
  }

  /** Returns who sends what, as Jicofo says. */
  AnnouncedSources roster() {
    return session.sources();
  }

  /** Has somebody connect when there is another offer than the first. */
  void whenMoved(Runnable connects) {
    moved = connects;
  }

  /**
   * Takes the newest offer, waiting for one if there is none; of a session or of another transport
   * for it.
   *
   * @param wanted how the endpoint would like to be told of congestion
   */
  TransportDescription awaitOffer(CongestionFeedback wanted)
      throws IOException, InterruptedException {
    JingleSession.Offer offer = Await.next("offer of a session in " + room + " to " + id, offers);
    taken = offer;
    feedback = offer.feedback(wanted);
    return offer.transport();
  }

  /** Returns how endpoint and bridge tell each other of congestion, after the last offer taken. */
  CongestionFeedback feedback() {
    return feedback;
  }

  /** Accepts the offer that was taken. */
  void accept(TransportDescription transport, List<Source> sources)
      throws IOException, InterruptedException {
    JingleSession.Offer offer = taken;
    if (offer == null) {
      throw new SignallingException("no offer for " + id);
    }
    List<Source> sent;
    synchronized (this) {
      this.sources = List.copyOf(sources);
      sent = announced();
    }
    show();
    session.accept(offer, feedback, transport, sent);
    openChannel(offer);
  }

  @GuardedBy("this")
  private List<Source> announced() {
    List<Source> announced = new ArrayList<>();
    for (Source source : sources) {
      if (!withdrawn.contains(source.kind())) {
        announced.add(source);
      }
    }
    return announced;
  }

  private synchronized void openChannel(JingleSession.Offer offer)
      throws IOException, InterruptedException {
    if (channel != null) {
      channel.close();
    }
    URI uri = offer.channel();
    if (uri == null) {
      throw new SignallingException("no WebSocket for " + id);
    }
    BridgeMessages told = new BridgeMessages();
    channel = BridgeChannel.open(http, uri, told);
    messages = told;
    if (constraints != null) {
      channel.send(constraints);
    }
  }

  /** Says what video is wanted, now and after each move. */
  synchronized void constrain(ReceiverConstraints wanted) throws IOException, InterruptedException {
    constraints = wanted;
    if (channel != null) {
      channel.send(wanted);
    }
  }

  /** Returns what the bridge has told since the last move, or null before there was one. */
  @Nullable BridgeMessages messages() {
    return messages;
  }

  /** Withdraws what is sent of a kind, as when a camera is switched off, or announces it again. */
  void withdraw(MediaKind kind, boolean withdraws) throws IOException, InterruptedException {
    List<Source> changed;
    synchronized (this) {
      boolean changes = withdraws ? withdrawn.add(kind) : withdrawn.remove(kind);
      if (!changes) {
        return;
      }
      changed = sources.stream().filter(source -> source.kind() == kind).toList();
    }
    show();
    if (withdraws) {
      session.withdraw(changed);
    } else {
      session.announce(changed);
    }
  }

  /** Shows that it is mute, or is not any more. */
  void mute(MediaKind kind, boolean mutes) throws IOException, InterruptedException {
    synchronized (this) {
      boolean unused = mutes ? muted.add(kind) : muted.remove(kind);
    }
    show();
  }

  private void show() throws IOException, InterruptedException {
    ObjectNode shown = JSON.createObjectNode();
    synchronized (this) {
      for (Source source : announced()) {
        ObjectNode info = shown.putObject(source.name());
        info.put("muted", muted.contains(source.kind()));
        if (source.kind() == MediaKind.VIDEO) {
          info.put("videoType", "camera");
        }
      }
    }
    occupancy.show(
        List.of(
            StandardExtensionElement.builder("SourceInfo", "jabber:client")
                .setText(shown.toString())
                .build()));
  }

  /** Asks for another session if there is one: the bridge of this one is not heard any more. */
  void lost() {
    // Jicofo may have ended the session meanwhile, and offers another one by itself.
    inBackground(this::requestRestart, Level.FINE, "cannot ask for another session");
  }

  /** Asks for other ICE credentials of the bridge, and awaits them. */
  TransportDescription requestIceRestart() throws IOException, InterruptedException {
    restarts.clear();
    session.requestIceRestart();
    JingleSession.IceRestart restart = Await.next("other ICE credentials for " + id, restarts);
    iceGeneration = restart.generation();
    return restart.transport();
  }

  /** Tells the bridge of this side when ICE is restarted. */
  void acceptIceRestart(TransportDescription own) throws IOException, InterruptedException {
    session.acceptIceRestart(own, iceGeneration);
  }

  /** Ends the session, and asks for another one. */
  void requestRestart() throws IOException, InterruptedException {
    session.requestRestart();
  }

  /** Ends the session; the room and the connection stay. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    requests.shutdownNow();
    moves.shutdownNow();
    FocusWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    synchronized (this) {
      if (channel != null) {
        channel.close();
      }
    }
    session.close();
  }
}
