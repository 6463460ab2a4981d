/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.nio.charset.StandardCharsets;

/**
 * What a stream of RFC 6120 looks like, to whoever believes to speak over TCP; and what its
 * elements need when they stand alone, as nothing around them declares names.
 */
final class StreamNames {
  static final String ROOT = "stream:stream";

  /** The most octets of an element, in either direction. Servers take less: Prosody 256 KiB. */
  static final int MAX_ELEMENT_BYTES = 1024 * 1024;

  private static final String STREAMS = "http://etherx.jabber.org/streams";
  private static final String CLIENT = "jabber:client";

  private StreamNames() {}

  /** Returns a stream's header, with further attributes as they are written. */
  static byte[] header(String attributes) {
    return ("<?xml version='1.0'?><stream:stream xmlns='"
            + CLIENT
            + "' xmlns:stream='"
            + STREAMS
            + "'"
            + attributes
            + ">")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a stream's end. */
  static byte[] end() {
    return "</stream:stream>".getBytes(StandardCharsets.UTF_8);
  }

  /** Returns an element with the declarations that it had from the stream's header. */
  static String standingAlone(String element) throws WebException {
    StartTag tag = StartTag.parse(element);
    String missing = "";
    if (tag.value("xmlns") == null && tag.prefix().isEmpty()) {
      missing = " xmlns='" + CLIENT + "'";
    } else if (tag.value("xmlns:stream") == null && tag.prefix().equals("stream")) {
      missing = " xmlns:stream='" + STREAMS + "'";
    }
    return missing.isEmpty() ? element : tag.insertInto(element, missing);
  }
}
