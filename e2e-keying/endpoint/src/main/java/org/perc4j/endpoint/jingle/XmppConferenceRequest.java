/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import org.jitsi.xmpp.extensions.jitsimeet.ConferenceIq;
import org.jitsi.xmpp.extensions.jitsimeet.ConferenceIqProvider;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.Jid;

/** Asks Jicofo over XMPP. Thread-safe. */
public final class XmppConferenceRequest implements ConferenceRequest {
  static {
    ProviderManager.addIQProvider(
        ConferenceIq.ELEMENT, ConferenceIq.NAMESPACE, new ConferenceIqProvider());
  }

  private final AbstractXMPPConnection connection;
  private final Jid focus;
  private final EntityBareJid room;

  /**
   * Prepares requests.
   *
   * @param connection stays its owner's
   * @param focus where Jicofo listens
   */
  public XmppConferenceRequest(AbstractXMPPConnection connection, Jid focus, EntityBareJid room) {
    this.connection = connection;
    this.focus = focus;
    this.room = room;
  }

  @Override
  public Answer ask() throws InterruptedException {
    ConferenceIq request = new ConferenceIq();
    request.setType(IQ.Type.set);
    request.setTo(focus);
    request.setRoom(room);
    try {
      ConferenceIq answer = connection.sendIqRequestAndWaitForResponse(request);
      return Boolean.TRUE.equals(answer.isReady()) ? Answer.READY : Answer.NOT_YET;
    } catch (XMPPException.XMPPErrorException e) {
      return read(e.getStanzaError().getCondition());
    } catch (SmackException | ClassCastException e) {
      // A result of another kind is none of Jicofo's.
      return Answer.AWAY;
    }
  }

  private static Answer read(StanzaError.Condition condition) {
    return switch (condition) {
      case not_authorized -> Answer.NOT_AUTHORIZED;
      case forbidden, not_allowed, policy_violation, bad_request, feature_not_implemented ->
          Answer.REFUSED;
      default -> Answer.AWAY;
    };
  }
}
