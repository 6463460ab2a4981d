/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.Smack;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.session.LoopThread;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.xmpp.XmppRoom;
import org.perc4j.endpoint.call.JoinException.Reason;
import org.perc4j.endpoint.deployment.DeploymentException;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.deployment.MeetingUrlException;
import org.perc4j.endpoint.jingle.ConferenceRequest;
import org.perc4j.endpoint.jingle.FocusWatch;
import org.perc4j.endpoint.jingle.HttpConferenceRequest;
import org.perc4j.endpoint.jingle.XmppConferenceRequest;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.Line;
import org.perc4j.endpoint.rtp.MediaEngine;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.transport.LatePackets;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * A room of a Jitsi Meet deployment that was joined: a member of its group, connected to its
 * bridge, which cannot read what goes through it. Nothing is sent before there are keys of the
 * group. Thread-safe.
 *
 * <p>An application that joins a room, sends a file of VP8 in IVF, and prints who speaks:
 *
 * <pre>{@code
 * package example;
 *
 * import java.net.URI;
 * import java.nio.ByteBuffer;
 * import java.nio.ByteOrder;
 * import java.nio.file.*;
 * import java.security.SecureRandom;
 * import java.util.List;
 * import java.util.concurrent.CountDownLatch;
 * import org.perc4j.e2e.identity.*;
 * import org.perc4j.e2e.mls.*;
 * import org.perc4j.endpoint.call.*;
 * import org.perc4j.endpoint.media.*;
 *
 * public class SendFile {
 *   public static void main(String[] arguments) throws Exception {
 *     EndpointIdentity self =
 *         IdentityFile.loadOrGenerate(Path.of("bot.key"), "bot@example.org", new SecureRandom());
 *     VideoFormat format =
 *         new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 200_000)), 1);
 *     ByteBuffer ivf = ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[1])));
 *     CountDownLatch connected = new CountDownLatch(1);
 *     try (TrustStore met = TrustStore.open(Path.of("known-people"));
 *         JitsiRoom room =
 *             JitsiRoom.join(
 *                 URI.create(arguments[0]),
 *                 JoinOptions.of(self, new TrustOnFirstUse(met, TrustOnFirstUse.WhenChanged.REFUSE))
 *                     .withDisplayName("Bot")
 *                     .withVideo(format),
 *                 event -> {
 *                   if (event instanceof CallEvent.Speaker speaker && speaker.member() != null) {
 *                     System.out.println(speaker.member().name() + " speaks");
 *                   } else if (event instanceof CallEvent.Connected) {
 *                     connected.countDown();
 *                   }
 *                 })) {
 *       connected.await();
 *       int perSecond = ivf.order(ByteOrder.LITTLE_ENDIAN).getInt(16);
 *       ivf.position(ivf.getShort(6));
 *       for (long i = 0; ivf.hasRemaining(); i++) {
 *         byte[] vp8 = new byte[ivf.getInt()];
 *         ivf.position(ivf.position() + 8).get(vp8);
 *         boolean isKey = Vp8Payload.isKeyFrame(vp8);
 *         room.video()
 *             .send(0, List.of(EncodedFrame.withoutLayers(isKey, vp8)), i * 90_000 / perSecond);
 *         Thread.sleep(1000 / perSecond);
 *       }
 *     }
 *   }
 * }
 * }</pre>
 */
public final class JitsiRoom implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(JitsiRoom.class.getName());
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NICKNAME_BYTES = 4;
  private static final long REQUEST_INTERVAL_MILLIS = 500;
  private static final long RATE_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SOUND_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long NOTICE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double RATE_CHANGE = 0.05;

  private final JitsiDeployment deployment;
  private final JoinOptions options;
  private final CallListener listener;
  private final ExecutorService events;
  private final LoopThread loop;
  private final XmppRoom channel;
  private final EntityFullJid focus;
  private final ConferenceRequest request;
  private final BridgeConnection bridge;
  private final OutgoingMedia outgoing;
  private final IncomingMedia incoming;
  private final RoomPresence presence;
  private final OutsiderNotice notice;
  private volatile @Nullable FocusWatch watch;
  private volatile @Nullable ConferenceSession session;
  private volatile boolean closed;

  /** What the listener was told last. On the thread of the media. */
  private double toldBps;

  private JitsiRoom(
      JitsiDeployment deployment, JoinOptions options, CallListener listener, XmppRoom channel)
      throws IOException {
    this.deployment = deployment;
    this.options = options;
    this.listener = listener;
    this.channel = channel;
    String nickname = channel.occupant();
    this.events =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread one = new Thread(task, nickname + "-events");
              one.setDaemon(true);
              return one;
            });
    this.loop = new LoopThread(nickname + "-group");
    EntityBareJid room = JidCreate.entityBareFrom(deployment.room());
    this.focus = JidCreate.entityFullFrom(room, Resourcepart.from(SessionOptions.JITSI_FOCUS));
    URI address = deployment.conferenceRequest();
    this.request =
        address == null
            ? new XmppConferenceRequest(
                channel.connection(), JidCreate.from(deployment.configuration().focus()), room)
            : new HttpConferenceRequest(
                options.network().web(), address, deployment.room(), deployment.url().token());
    this.bridge =
        new BridgeConnection(channel.connection(), focus, nickname, options, new Bridge());
    this.incoming =
        new IncomingMedia(
            listener, options.delay(), (source, encoding) -> engine().clock(source, encoding));
    this.outgoing =
        new OutgoingMedia(
            nickname,
            options,
            bridge.sources(),
            layer -> tell(new CallEvent.KeyFrameWanted(layer)),
            new Media(),
            RANDOM);
    this.presence =
        new RoomPresence(
            channel.connection(),
            room,
            nickname,
            options.displayName(),
            outgoing.sources(),
            this::tell);
    this.notice = new OutsiderNotice(nickname);
    engine().every(RATE_INTERVAL_NANOS, this::tellRate);
    String words = options.notice();
    if (words != null) {
      engine().every(NOTICE_INTERVAL_NANOS, () -> onEvents(() -> tellOutsiders(words)));
    }
    engine().every(SOUND_INTERVAL_NANOS, () -> incoming.tick(System.nanoTime()));
  }

  // ---------------------------------------------------------------- joining

  /**
   * Has libraries read the classes and settings that the first room of a process needs, which takes
   * them half a second. An application may have that done on a thread of its own while it does
   * other things; joining waits for as much of it as it needs.
   */
  public static void prepare() {
    prepareSmack();
    try {
      SecureTransport.prepare();
    } catch (IOException e) {
      // Whoever joins is told the same.
      LOGGER.log(Level.FINE, "not prepared", e);
    }
  }

  /** Two threads that begin with Smack's classes at once could wait for each other for ever. */
  private static synchronized void prepareSmack() {
    Smack.ensureInitialized();
  }

  /**
   * Joins a room by its address, as {@link #join(MeetingUrl, JoinOptions, CallListener)}.
   *
   * @throws JoinException also if the address is none of a meeting
   */
  public static JitsiRoom join(URI address, JoinOptions options, CallListener listener)
      throws JoinException, InterruptedException {
    try {
      return join(MeetingUrl.parse(address.toString()), options, listener);
    } catch (MeetingUrlException e) {
      throw new JoinException(Reason.ADDRESS, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Joins a room: finds the deployment, connects, has Jicofo come, enters. Media flow when there is
   * somebody else, and the group has let this one in; the listener hears of both. It may be told
   * things before this returns.
   *
   * @throws JoinException if that is not possible
   */
  public static JitsiRoom join(MeetingUrl url, JoinOptions options, CallListener listener)
      throws JoinException, InterruptedException {
    JitsiRoom room = null;
    boolean joined = false;
    prepareSmack();
    try {
      JitsiDeployment deployment = JitsiDeployment.find(url, options.network().web());
      byte[] random = new byte[NICKNAME_BYTES];
      RANDOM.nextBytes(random);
      XmppRoom channel =
          deployment.server().room(deployment.room(), HexFormat.of().formatHex(random));
      room = new JitsiRoom(deployment, options, listener, channel);
      channel.connect();
      room.awaitFocus();
      room.enter();
      joined = true;
      return room;
    } catch (DeploymentException e) {
      throw new JoinException(Reason.DEPLOYMENT, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new JoinException(Reason.SERVER, url.host() + ": " + e.getMessage(), e);
    } finally {
      if (!joined && room != null) {
        room.close();
      }
    }
  }

  private void awaitFocus() throws JoinException, InterruptedException {
    String host = deployment.url().host();
    long deadline = System.nanoTime() + options.network().patience().toNanos();
    while (System.nanoTime() - deadline < 0) {
      switch (request.ask()) {
        case READY -> {
          FocusWatch watching =
              new FocusWatch(channel.connection(), focus, request, channel::reenter);
          watch = watching;
          bridge.whenOffered(watching::invited);
          return;
        }
        case NOT_AUTHORIZED ->
            throw new JoinException(
                Reason.NOT_AUTHORIZED,
                host
                    + (deployment.url().token() == null
                        ? " wants somebody with an account to begin"
                        : " does not accept the token"));
        case REFUSED ->
            throw new JoinException(Reason.FOCUS_AWAY, host + " refuses the conference");
        default -> TimeUnit.MILLISECONDS.sleep(REQUEST_INTERVAL_MILLIS);
      }
    }
    throw new JoinException(Reason.FOCUS_AWAY, host + " does not answer the conference request");
  }

  private void enter() throws JoinException {
    MediaEngine engine = engine();
    LatePackets late = new LatePackets();
    late.setTaker(engine::receiveLate);
    String name = options.displayName();
    channel.usePassword(options.password());
    if (name != null) {
      channel.waitInLobby(name, () -> tell(new CallEvent.WaitsInLobby()));
    }
    try {
      channel.show(presence.shown());
      ConferenceSession member =
          ConferenceSession.join(
              channel,
              options.identity(),
              options.validator(),
              options.session().withHeldPackets(late),
              loop,
              (self, event) -> tell(new CallEvent.Group(event)));
      session = member;
      bridge.setEndpoint(new BridgeConnection.Endpoint(member, engine, outgoing.sources()));
    } catch (RoomException e) {
      throw JoinException.of(e);
    }
  }

  private void tell(CallEvent event) {
    onEvents(
        () -> {
          if (event instanceof CallEvent.OccupantShown shown) {
            notice.shown(shown.occupant().nickname(), System.nanoTime());
          } else if (event instanceof CallEvent.OccupantGone gone) {
            notice.gone(gone.nickname());
          }
          listener.event(event);
        });
  }

  /** On the thread of events. */
  private void tellOutsiders(String text) {
    Roster roster = session == null ? null : session().roster();
    if (roster == null) {
      return;
    }
    List<String> members = roster.members().stream().map(Member::occupant).toList();
    for (String nickname : notice.due(members, System.nanoTime())) {
      try {
        presence.say(nickname, text);
      } catch (IOException e) {
        listener.event(new CallEvent.Failed(e));
      }
    }
  }

  private void onEvents(Runnable task) {
    try {
      events.execute(task);
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private final class Bridge implements BridgeConnection.Listener {
    @Override
    public void event(CallEvent event) {
      tell(event);
    }

    @Override
    public void speaks(String occupant) {
      tell(new CallEvent.Speaker(occupant, session == null ? null : member(occupant)));
    }
  }

  // ---------------------------------------------------------------- media

  private MediaEngine engine() {
    return outgoing.engine();
  }

  private void tellRate() {
    Line line = engine().line();
    double now = line == null ? 0 : line.congestion().targetBps();
    if (now > 0 && Math.abs(now - toldBps) > RATE_CHANGE * toldBps) {
      toldBps = now;
      tell(new CallEvent.SendingRate((long) now));
    }
  }

  private final class Media implements MediaEngine.Listener {
    @Override
    public void accepted(
        Source source,
        int encoding,
        int bridgeSequenceNumber,
        RtpPacketView packet,
        long nowNanos) {
      incoming.accepted(source, packet, nowNanos);
    }

    @Override
    public void ordered(Source source, int encoding, ReorderBuffer.Packet packet)
        throws IOException {
      incoming.ordered(source, encoding, packet);
    }

    @Override
    public boolean needsKeyFrame(Source source) {
      return incoming.needsKeyFrame(source);
    }

    @Override
    public void gone(Source source) {
      incoming.gone(source);
      tell(new CallEvent.SourceGone(source));
    }

    @Override
    public void keyFrameRequested(int ssrc) {
      for (Source source : outgoing.sources()) {
        if (source.kind() == MediaKind.VIDEO && source.encoding(ssrc) >= 0) {
          tell(new CallEvent.KeyFrameWanted(source.encoding(ssrc)));
        }
      }
    }

    @Override
    public void silent() {
      bridge.silent();
    }

    @Override
    public void failed(Exception cause) {
      // What is sent while everything ends is not missed.
      if (!closed) {
        tell(new CallEvent.Failed(cause));
      }
    }
  }

  /** Returns this one's nickname in the room. */
  public String nickname() {
    return channel.occupant();
  }

  /** Returns the part in the group: roster, codes, standings. */
  public ConferenceSession session() {
    ConferenceSession current = session;
    if (current == null) {
      throw new IllegalStateException("not in the room");
    }
    return current;
  }

  /**
   * Returns who somebody in the room proved to be, to the group; null for whoever is no member of
   * it. What comes of a source was sent by the member with its owner's nickname.
   */
  public @Nullable Member member(String nickname) {
    Roster roster = session().roster();
    return roster == null ? null : roster.occupant(nickname);
  }

  /** Returns what sends sound, or null if the options have none. */
  public @Nullable OutgoingSound sound() {
    return outgoing.sound();
  }

  /** Returns what sends pictures, or null if the options have none. */
  public @Nullable OutgoingVideo video() {
    return outgoing.video();
  }

  /**
   * Sends nothing of a kind from now on, or goes on, and shows that to the room. Pictures go on
   * with a key, which an event asks for.
   */
  public void mute(MediaKind kind, boolean mutes) throws RoomException {
    OutgoingSound sound = outgoing.sound();
    OutgoingVideo video = outgoing.video();
    if (kind == MediaKind.AUDIO && sound != null) {
      sound.setMuted(mutes);
    } else if (kind == MediaKind.VIDEO && video != null) {
      video.setMuted(mutes);
      if (!mutes) {
        for (int i = 0; i < video.format().encodings(); i++) {
          tell(new CallEvent.KeyFrameWanted(i));
        }
      }
    }
    presence.mute(kind, mutes);
    channel.show(presence.shown());
  }

  /** Says what video is wanted, now and after each move. */
  public void constrain(ReceiverConstraints wanted) {
    bridge.constrain(wanted);
  }

  /**
   * Asks the sender of a source for a key frame, and hands out nothing of it before that: for
   * whoever could not decode a picture, or left one out. What the network loses is seen to without
   * it. Requests of half a second count as one.
   */
  public void requestKeyFrame(Source source) {
    engine().execute(() -> incoming.skipToKeyFrame(source));
  }

  /** Leaves the room. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    FocusWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    presence.close();
    bridge.close();
    try {
      engine().close();
    } catch (IOException e) {
      // Nothing is handed out after this.
      tell(new CallEvent.Failed(e));
    }
    ConferenceSession member = session;
    if (member != null) {
      member.close();
    } else {
      channel.leave();
      channel.connection().disconnect();
    }
    loop.close();
    events.shutdown();
  }
}
