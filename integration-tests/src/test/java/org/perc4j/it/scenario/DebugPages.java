/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.perc4j.it.bridge.JvbProcess;

/** What a bridge says about itself. */
final class DebugPages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DebugPages() {}

  /** Reads one of the plugin's counters. */
  static long counter(JvbProcess jvb, String name) {
    JsonNode counter = bridge(jvb).path("perc").path(name);
    if (!counter.isNumber()) {
      throw new IllegalStateException("no " + name);
    }
    return counter.asLong();
  }

  /** Reads the page of the bridge. */
  static JsonNode bridge(JvbProcess jvb) {
    return get(jvb, "/debug");
  }

  /** Reads the page of an endpoint of any conference, with everything. */
  static JsonNode endpoint(JvbProcess jvb, String endpoint) {
    Iterator<String> conferences = bridge(jvb).path("conferences").fieldNames();
    while (conferences.hasNext()) {
      String conference = conferences.next();
      JsonNode page =
          get(jvb, "/debug/" + conference + "/" + endpoint + "?full=true")
              .path("conferences")
              .path(conference)
              .path("endpoints")
              .path(endpoint);
      if (!page.isMissingNode()) {
        return page;
      }
    }
    throw new IllegalStateException("no endpoint " + endpoint);
  }

  /** Reads any page that is JSON. */
  static JsonNode get(JvbProcess jvb, String path) {
    try {
      return JSON.readTree(read(jvb, path, "application/json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads any page as text. */
  static String text(JvbProcess jvb, String path) {
    return read(jvb, path, "text/plain");
  }

  private static String read(JvbProcess jvb, String path, String type) {
    try {
      return jvb.get(path, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
