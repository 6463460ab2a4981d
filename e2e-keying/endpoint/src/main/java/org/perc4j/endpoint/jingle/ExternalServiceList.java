/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.relay.RelayService;

/**
 * Services of an answer (XEP-0215), one added after the other. What is no STUN or TURN is passed
 * over; of what is malformed, and of what comes after {@value #MAX_SERVICES} services, is only
 * remembered why. Not thread-safe.
 */
final class ExternalServiceList {
  static final int MAX_SERVICES = 16;

  /** Times are shorter (XEP-0082). */
  private static final int MAX_TIME_CHARS = 64;

  private static final int MAX_PORT_DIGITS = 5;

  private final List<RelayService> usable = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  /** A service's attributes. */
  interface Attributes {
    @Nullable String get(String name);
  }

  void add(Attributes service) {
    RelayService.Kind kind = kind(service.get("type"));
    if (kind == null || "delete".equals(service.get("action"))) {
      return;
    }
    if (usable.size() == MAX_SERVICES) {
      complain("more than " + MAX_SERVICES + " services");
      return;
    }
    try {
      usable.add(read(kind, service));
    } catch (IllegalArgumentException e) {
      complain(kind.token() + ": " + e.getMessage());
    }
  }

  private void complain(String complaint) {
    if (complaints.size() < MAX_SERVICES && !complaints.contains(complaint)) {
      complaints.add(complaint);
    }
  }

  private static RelayService.@Nullable Kind kind(@Nullable String token) {
    for (RelayService.Kind kind : RelayService.Kind.values()) {
      if (kind.token().equals(token)) {
        return kind;
      }
    }
    return null;
  }

  private static RelayService read(RelayService.Kind kind, Attributes service) {
    String host = service.get("host");
    if (host == null) {
      throw new IllegalArgumentException("no host");
    }
    RelayService read =
        new RelayService(
            kind,
            host,
            port(kind, service.get("port")),
            transport(kind, service.get("transport")),
            service.get("username"),
            service.get("password"),
            time(service.get("expires")));
    if (kind.isRelay() && (read.username() == null || read.password() == null)) {
      throw new IllegalArgumentException("no user name or no password");
    }
    return read;
  }

  private static int port(RelayService.Kind kind, @Nullable String port) {
    if (port == null) {
      return kind.defaultPort();
    }
    if (port.isEmpty()
        || port.length() > MAX_PORT_DIGITS
        || !port.chars().allMatch(character -> character >= '0' && character <= '9')) {
      throw new IllegalArgumentException("a port that is no number");
    }
    return Integer.parseInt(port);
  }

  private static RelayService.Transport transport(
      RelayService.Kind kind, @Nullable String transport) {
    if (transport == null) {
      return kind.isSecure() ? RelayService.Transport.TCP : RelayService.Transport.UDP;
    }
    for (RelayService.Transport known : RelayService.Transport.values()) {
      if (known.token().equals(transport.toLowerCase(Locale.ROOT))) {
        return known;
      }
    }
    throw new IllegalArgumentException("a transport other than udp and tcp");
  }

  private static @Nullable Instant time(@Nullable String time) {
    if (time == null) {
      return null;
    }
    if (time.length() > MAX_TIME_CHARS) {
      throw new IllegalArgumentException("a time that is none");
    }
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a time that is none", e);
    }
  }

  List<RelayService> usable() {
    return List.copyOf(usable);
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }
}
