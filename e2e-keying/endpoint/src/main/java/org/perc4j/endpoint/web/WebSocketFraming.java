/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Translates between a stream of RFC 6120 and messages of RFC 7395, where each element is a message
 * and {@code <open/>} and {@code <close/>} stand for the stream's start and end. Each direction is
 * for one thread at a time.
 */
final class WebSocketFraming {
  private static final String FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";

  /** Takes what is to be sent, one message at a time. */
  interface Messages {
    void send(String message) throws IOException;
  }

  /** Takes what has come, as a stream. */
  interface Octets {
    void put(byte[] octets) throws InterruptedException;
  }

  private final ElementSplitter outgoing;
  private volatile boolean serverClosed;

  WebSocketFraming(Messages messages) {
    outgoing =
        new ElementSplitter(
            StreamNames.ROOT,
            StreamNames.MAX_ELEMENT_BYTES,
            new ElementSplitter.Sink() {
              @Override
              public void opened(StartTag root) throws IOException {
                messages.send(
                    "<open xmlns='" + FRAMING + "'" + root.attributesWithoutNamespaces() + "/>");
              }

              @Override
              public void element(String xml) throws IOException {
                messages.send(StreamNames.standingAlone(xml));
              }

              @Override
              public void closed() throws IOException {
                messages.send("<close xmlns='" + FRAMING + "'/>");
              }
            });
  }

  /**
   * Takes a piece of the stream to the server, and sends the messages that are complete with it.
   */
  void write(byte[] octets, int offset, int length) throws IOException {
    outgoing.write(octets, offset, length);
  }

  /**
   * Takes a message from the server, and gives out what the stream has in its place.
   *
   * @throws WebException if it is not one element
   */
  void arrived(String message, Octets stream) throws WebException, InterruptedException {
    String element = only(message);
    StartTag tag = StartTag.parse(element);
    if (!FRAMING.equals(tag.value("xmlns"))) {
      stream.put(element.getBytes(StandardCharsets.UTF_8));
    } else if (tag.name().equals("open")) {
      stream.put(StreamNames.header(tag.attributesWithoutNamespaces()));
    } else if (tag.name().equals("close")) {
      // Where it says to connect to instead is not for a server to decide.
      serverClosed = true;
      stream.put(StreamNames.end());
    } else {
      throw WebException.malformed("an unknown element of RFC 7395");
    }
  }

  /** Whether the server has ended its stream. */
  boolean isServerClosed() {
    return serverClosed;
  }

  private static String only(String message) throws WebException {
    OnlyElement only = new OnlyElement();
    ElementSplitter splitter = new ElementSplitter(null, StreamNames.MAX_ELEMENT_BYTES, only);
    byte[] octets = message.getBytes(StandardCharsets.UTF_8);
    try {
      splitter.write(octets, 0, octets.length);
    } catch (WebException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("only the splitter fails", e);
    }
    if (only.element.isEmpty() || !splitter.isBetweenElements()) {
      throw WebException.malformed("a message is not one XML element");
    }
    return only.element;
  }

  private static final class OnlyElement implements ElementSplitter.Sink {
    private String element = "";

    @Override
    public void opened(StartTag root) {
      throw new IllegalStateException("nothing is around");
    }

    @Override
    public void element(String xml) throws WebException {
      if (!element.isEmpty()) {
        throw WebException.malformed("a message has several XML elements");
      }
      element = xml;
    }

    @Override
    public void closed() {
      throw new IllegalStateException("nothing is around");
    }
  }
}
