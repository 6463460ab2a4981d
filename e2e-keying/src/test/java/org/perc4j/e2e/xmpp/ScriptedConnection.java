/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.packet.Nonza;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.TopLevelStreamElement;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;

/**
 * A connection without a server: the test says what arrives. Whoever asks for entry is let in,
 * unless the test answers otherwise. Thread-safe.
 */
public final class ScriptedConnection extends AbstractXMPPConnection {
  /** The room that it is made for. */
  public static final String ROOM = "talk@muc.example.org";

  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile boolean blocksEnding;
  private volatile boolean ended;
  private volatile Consumer<Presence> onEntry =
      entry -> arrives(presence(nickname(entry), "", user(110)));

  private static final class Configuration extends ConnectionConfiguration {
    Configuration(Builder builder) {
      super(builder);
    }

    static final class Builder extends ConnectionConfiguration.Builder<Builder, Configuration> {
      @Override
      protected Builder getThis() {
        return this;
      }

      @Override
      public Configuration build() {
        return new Configuration(this);
      }
    }
  }

  private ScriptedConnection(Configuration configuration) {
    super(configuration);
  }

  /** Makes one that is not connected yet. */
  public static ScriptedConnection create() {
    try {
      ScriptedConnection connection =
          new ScriptedConnection(
              new Configuration.Builder()
                  .setXmppDomain("example.org")
                  .setUsernameAndPassword("me", "any")
                  .setSecurityMode(SecurityMode.disabled)
                  .setSendPresence(false)
                  .build());
      Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
      return connection;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A room over this connection, which ends with it. */
  public XmppRoom room(String occupant) {
    try {
      return new XmppRoom(
          this,
          true,
          JidCreate.entityBareFrom(ROOM),
          Resourcepart.from(occupant),
          XmppRoom.DEFAULT_STANZA_BYTES);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on, answers otherwise when entry is asked for. */
  void onEntry(Consumer<Presence> answer) {
    onEntry = answer;
  }

  /** From now on, the connection does not end until it may. */
  public void blockEnding() {
    blocksEnding = true;
  }

  /** Lets the connection end. */
  public void letEnd() {
    mayEnd.countDown();
  }

  /** Waits until the connection is to end. */
  public void awaitEnding() throws InterruptedException {
    ending.await();
  }

  /** Returns whether it has ended. */
  public boolean hasEnded() {
    return ended;
  }

  /** A stanza comes from the server. */
  void arrives(String xml) {
    try {
      invokeStanzaCollectorsAndNotifyRecvListeners(PacketParserUtils.parseStanza(xml));
    } catch (Exception e) {
      throw new AssertionError(xml, e);
    }
  }

  /** The room removes an occupant, as a moderator wants. */
  public void kicks(String occupant) {
    arrives(presence(occupant, "unavailable", user(110, 307)));
  }

  /** An occupant's presence, as the room passes it on. */
  static String presence(String nickname, String type, String... elements) {
    return "<presence xmlns='jabber:client' to='me@example.org/x' from='"
        + ROOM
        + "/"
        + nickname.replace("&", "&amp;").replace("'", "&apos;").replace("<", "&lt;")
        + "'"
        + (type.isEmpty() ? "" : " type='" + type + "'")
        + ">"
        + String.join("", elements)
        + "</presence>";
  }

  /** What the room says of an occupant, with these status codes. */
  static String user(int... status) {
    StringBuilder xml = new StringBuilder("<x xmlns='http://jabber.org/protocol/muc#user'>");
    for (int code : status) {
      xml.append("<status code='").append(code).append("'/>");
    }
    return xml.append("</x>").toString();
  }

  /** The mark of the protocol. */
  static String mark(String base64) {
    return "<mls xmlns='urn:x-perc4j:mls:0'>" + base64 + "</mls>";
  }

  private static String nickname(Presence entry) {
    return String.valueOf(entry.getTo().getResourceOrNull());
  }

  @Override
  protected void sendStanzaInternal(Stanza stanza) {
    if (stanza instanceof Presence presence
        && presence.getExtension(MUCInitialPresence.class) != null) {
      onEntry.accept(presence);
    }
  }

  @Override
  public void sendNonza(Nonza element) {}

  @Override
  protected void firePacketSendingListeners(TopLevelStreamElement element) {}

  @Override
  public boolean isSecureConnection() {
    return false;
  }

  @Override
  public boolean isUsingCompression() {
    return false;
  }

  @Override
  protected void connectInternal() {
    connected = true;
  }

  @Override
  protected void loginInternal(
      @Nullable String username, @Nullable String password, @Nullable Resourcepart resource) {
    user = JidCreate.entityFullFromOrThrowUnchecked("me@example.org/x");
    authenticated = true;
    callConnectionAuthenticatedListener(false);
  }

  @Override
  public void instantShutdown() {
    shutdown();
  }

  @Override
  protected void shutdown() {
    ending.countDown();
    if (blocksEnding) {
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    authenticated = false;
    connected = false;
    ended = true;
  }
}
