/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts XML that arrives in pieces into the elements at its top, wherever the pieces end. If there
 * is an element around them, such as a stream's header, its start and its end are told as well.
 *
 * <p>It knows as much of XML as it takes to find where an element ends: tags, quotes, CDATA. What
 * RFC 6120 section 11.1 forbids (comments, processing instructions, document types) and what is
 * between elements and not white space is malformed; white space there (the keepalive of section
 * 4.6.1) is left out. What is in an element is for an XML parser to judge. Not thread-safe.
 */
final class ElementSplitter {
  /** Is told what there is, in order. */
  interface Sink {
    /** The element around the others starts; it may do so again, as streams are restarted. */
    void opened(StartTag root) throws IOException;

    /** A whole element, as it is written. */
    void element(String xml) throws IOException;

    /** The element around the others ends. */
    void closed() throws IOException;
  }

  private enum State {
    BETWEEN,
    MARKUP,
    START_NAME,
    START_TAG,
    IN_QUOTES,
    IN_DOUBLE_QUOTES,
    EMPTY_TAG,
    END_TAG,
    CONTENT,
    DECLARATION,
    CDATA_START,
    CDATA
  }

  private static final String CDATA_START = "<![CDATA[";
  private static final String XML_DECLARATION = "<?xml";
  private static final int MAX_DECLARATION_BYTES = 256;

  private final @Nullable String root;
  private final int maxElementBytes;
  private final Sink sink;

  private final Collected collected = new Collected();
  private State state = State.BETWEEN;
  private int depth;
  private boolean rootIsOpen;
  private boolean ended;

  /** Where the tag that is read begins in what is collected. */
  private int markupStart;

  /**
   * Cuts what is written to it.
   *
   * @param root the name, with its prefix, of the element around the others, or null if there is
   *     none
   * @param maxElementBytes the most octets of an element at the top
   */
  ElementSplitter(@Nullable String root, int maxElementBytes, Sink sink) {
    this.root = root;
    this.maxElementBytes = maxElementBytes;
    this.sink = sink;
  }

  /**
   * Takes the next octets, and tells what is complete with them.
   *
   * @param octets are not kept
   * @throws WebException if they are malformed, or an element is too long; nothing more can be
   *     written then
   */
  void write(byte[] octets, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      take(octets[i]);
    }
  }

  /** Whether the last element is complete. */
  boolean isBetweenElements() {
    return state == State.BETWEEN;
  }

  /** Whether the element around the others has started and ended. */
  boolean isEnded() {
    return ended;
  }

  private void take(byte octet) throws IOException {
    if (state == State.BETWEEN) {
      if (octet == '<' && !ended) {
        collected.write(octet);
        markupStart = 0;
        state = State.MARKUP;
      } else if (!StartTag.isSpace(octet)) {
        throw WebException.malformed("there is text between XML elements");
      }
      return;
    }
    if (collected.size() >= maxElementBytes) {
      throw new WebException(
          WebException.Reason.TOO_LARGE,
          "an XML element has more than " + maxElementBytes + " octets");
    }
    collected.write(octet);
    switch (state) {
      case MARKUP -> afterLessThan(octet);
      case START_NAME, START_TAG -> inStartTag(octet);
      case IN_QUOTES -> inQuotes(octet, '\'');
      case IN_DOUBLE_QUOTES -> inQuotes(octet, '"');
      case EMPTY_TAG -> {
        require(octet == '>', "an XML tag");
        startTagComplete(true);
      }
      case END_TAG -> inEndTag(octet);
      case CONTENT -> {
        if (octet == '<') {
          markupStart = collected.size() - 1;
          state = State.MARKUP;
        }
      }
      case DECLARATION -> inDeclaration(octet);
      case CDATA_START -> inCdataStart(octet);
      case CDATA -> {
        if (octet == '>' && collected.endsWith("]]>")) {
          state = State.CONTENT;
        }
      }
      case BETWEEN -> throw new IllegalStateException("handled before");
    }
  }

  private void afterLessThan(byte octet) throws WebException {
    if (octet == '/') {
      require(depth > 0 || rootIsOpen, "an XML end tag");
      state = State.END_TAG;
    } else if (octet == '!') {
      require(depth > 0, "XML with a comment or document type");
      state = State.CDATA_START;
    } else if (octet == '?') {
      require(depth == 0 && root != null, "XML with a processing instruction");
      state = State.DECLARATION;
    } else {
      require(isNameStart(octet), "an XML tag");
      state = State.START_NAME;
    }
  }

  private static boolean isNameStart(byte octet) {
    return octet < 0
        || (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || octet == '_'
        || octet == ':';
  }

  private void inStartTag(byte octet) throws IOException {
    if (octet == '>') {
      startTagComplete(false);
    } else if (octet == '/') {
      state = State.EMPTY_TAG;
    } else if (StartTag.isSpace(octet)) {
      state = State.START_TAG;
    } else if (state == State.START_TAG && octet == '\'') {
      state = State.IN_QUOTES;
    } else if (state == State.START_TAG && octet == '"') {
      state = State.IN_DOUBLE_QUOTES;
    } else {
      require(octet != '<' && octet != '\'' && octet != '"', "an XML tag");
    }
  }

  private void inQuotes(byte octet, char quote) throws WebException {
    if (octet == quote) {
      state = State.START_TAG;
    } else {
      require(octet != '<', "an XML attribute");
    }
  }

  private void startTagComplete(boolean empty) throws IOException {
    if (depth == 0 && root != null && collected.startsWithTag(root)) {
      StartTag tag = StartTag.parse(collected.takeText());
      rootIsOpen = true;
      state = State.BETWEEN;
      sink.opened(tag);
      if (empty) {
        rootEnded();
      }
      return;
    }
    require(root == null || rootIsOpen, "an XML element before the stream's start");
    if (!empty) {
      depth++;
      state = State.CONTENT;
    } else if (depth == 0) {
      elementComplete();
    } else {
      state = State.CONTENT;
    }
  }

  private void inEndTag(byte octet) throws IOException {
    if (octet != '>') {
      require(octet != '<' && octet != '\'' && octet != '"' && octet != '/', "an XML end tag");
      return;
    }
    if (depth > 0) {
      require(collected.size() - markupStart > "</>".length(), "an XML end tag");
      depth--;
      if (depth == 0) {
        elementComplete();
      } else {
        state = State.CONTENT;
      }
      return;
    }
    String tag = collected.takeText();
    require(tag.substring(2, tag.length() - 1).strip().equals(root), "an XML end tag");
    state = State.BETWEEN;
    rootEnded();
  }

  private void elementComplete() throws IOException {
    String element = collected.takeText();
    state = State.BETWEEN;
    sink.element(element);
  }

  private void rootEnded() throws IOException {
    rootIsOpen = false;
    ended = true;
    sink.closed();
  }

  private void inDeclaration(byte octet) throws WebException {
    int size = collected.size();
    require(
        size <= MAX_DECLARATION_BYTES
            && (size > XML_DECLARATION.length() || octet == XML_DECLARATION.charAt(size - 1))
            && (size != XML_DECLARATION.length() + 1 || StartTag.isSpace(octet)),
        "an XML declaration");
    if (octet == '>') {
      require(collected.endsWith("?>"), "an XML declaration");
      collected.reset();
      state = State.BETWEEN;
    }
  }

  private void inCdataStart(byte octet) throws WebException {
    int length = collected.size() - markupStart;
    require(octet == CDATA_START.charAt(length - 1), "XML with a comment or document type");
    if (length == CDATA_START.length()) {
      state = State.CDATA;
    }
  }

  private static void require(boolean holds, String what) throws WebException {
    if (!holds) {
      throw WebException.malformed("not well-formed here: " + what);
    }
  }

  /** The octets of the element that is read. */
  private static final class Collected extends ByteArrayOutputStream {
    /** More than this is not kept between elements. */
    private static final int KEPT_BYTES = 64 * 1024;

    boolean endsWith(String ascii) {
      return count >= ascii.length() && hasAt(count - ascii.length(), ascii);
    }

    /** Whether it is a start tag of that name. */
    boolean startsWithTag(String name) {
      int end = 1 + name.length();
      return count > end
          && hasAt(1, name)
          && (StartTag.isSpace(buf[end]) || buf[end] == '>' || buf[end] == '/');
    }

    private boolean hasAt(int position, String ascii) {
      for (int i = 0; i < ascii.length(); i++) {
        if (buf[position + i] != ascii.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    String takeText() throws WebException {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(buf, 0, count))
            .toString();
      } catch (CharacterCodingException e) {
        throw new WebException(WebException.Reason.MALFORMED, "text is not UTF-8", e);
      } finally {
        reset();
        if (buf.length > KEPT_BYTES) {
          buf = new byte[1024];
        }
      }
    }
  }
}
