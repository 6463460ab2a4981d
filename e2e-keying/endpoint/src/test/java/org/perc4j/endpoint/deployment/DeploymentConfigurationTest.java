/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.endpoint.deployment.DeploymentException.Reason;

class DeploymentConfigurationTest {
  /** In the manner of Debian's package jitsi-meet-web-config. */
  private static final String DEBIAN =
      """
      /* eslint-disable comma-dangle, no-unused-vars, no-var, prefer-template, vars-on-top */
      var subdomain = "<!--# echo var="subdomain" default="" -->";
      if (subdomain) {
          subdomain = subdomain.substr(0, subdomain.length - 1).split('.')
              .join('_').toLowerCase() + '.';
      }
      var enableJaaS = false;

      var config = {
          // Connection
          //

          hosts: {
              // XMPP domain.
              domain: 'meet.example',

              // When using authentication, domain for guest users.
              // anonymousdomain: 'guest.example.com',

              // Focus component domain. Defaults to focus.<domain>.
              // focus: 'focus.jitsi-meet.example.com',

              // XMPP MUC domain. FIXME: use XEP-0030 to discover it.
              muc: 'conference.' + subdomain + 'meet.example',
          },

          // BOSH URL. FIXME: use XEP-0156 to discover it.
          bosh: 'https://meet.example/' + subdir + 'http-bind',

          // Websocket URL (XMPP)
          // websocket: 'wss://meet.example/' + subdir + 'xmpp-websocket',

          // The real JID of focus participant - can be overridden here
          /* focusUserJid: 'focus@auth.other.example', */

          testing: {
              p2pTestMode: false,
              regex: /['"{]/,
          },
          fun(a, b) { return { hosts: { domain: 'wrong.example' } }; },
          p2p: {
              enabled: true,
              stunServers: [
                  // { urls: 'stun:jitsi-meet.example.com:3478' },
                  { urls: 'stun:meet-jit-si-turnrelay.jitsi.net:443' },
              ],
          },
          makeJsonParserHappy: 'even if last key had a trailing comma'

          // No configuration value should follow this line.
      };
      /* eslint-enable no-unused-vars, no-var */

      var enableJaaS = false;
      """;

  /** In the manner of Jitsi's images for containers. */
  private static final String CONTAINER =
      """
      var config = {};

      var subdir = '<!--# echo var="subdir" default="" -->';
      var subdomain = '<!--# echo var="subdomain" default="" -->';
      if (subdomain) {
          subdomain = subdomain.substr(0,subdomain.length-1).split('.').join('_').toLowerCase() + '.';
      }
      config.testing = { p2pTestMode: false };
      if (!config.hasOwnProperty('hosts')) config.hosts = {};
      config.hosts.domain = 'meet.jitsi';
      config.hosts.anonymousdomain = 'guest.meet.jitsi'
      config.hosts.authdomain = 'meet.jitsi';
      config.focusUserJid = 'focus@auth.meet.jitsi';
      config.hosts.muc = 'muc.' + subdomain + 'meet.jitsi'
      config.bosh = 'https://meet.example:8443/' + subdir + 'http-bind';
      config.websocket = 'wss://meet.example:8443/' + subdir + 'xmpp-websocket';
      config.conferenceRequestUrl='https://meet.example:8443/' + subdir + 'conference-request/v1';
      """;

  private static MeetingUrl url(String tenant) throws MeetingUrlException {
    return MeetingUrl.parse("https://meet.example:8443/" + tenant + "Room");
  }

  private static DeploymentConfiguration parse(String script) throws Exception {
    return DeploymentConfiguration.parse(script, url(""));
  }

  @Test
  void readsDebiansConfiguration() throws Exception {
    DeploymentConfiguration configuration = parse(DEBIAN);
    assertEquals("meet.example", configuration.domain());
    assertNull(configuration.anonymousDomain());
    assertEquals("conference.meet.example", configuration.roomDomain());
    assertEquals("focus.meet.example", configuration.focus());
    assertEquals("focus@auth.meet.example", configuration.focusUser());
    assertEquals(URI.create("https://meet.example/http-bind"), configuration.bosh());
    assertEquals(URI.create("wss://meet.example:8443/xmpp-websocket"), configuration.webSocket());
    assertNull(configuration.conferenceRequest());
    assertNull(configuration.keepAlive());
    assertEquals(List.of(), configuration.unread());
  }

  @Test
  void readsTenantsConfiguration() throws Exception {
    DeploymentConfiguration configuration = DeploymentConfiguration.parse(DEBIAN, url("Team.A/"));
    assertEquals("conference.team_a.meet.example", configuration.roomDomain());
    assertEquals(URI.create("https://meet.example/Team.A/http-bind"), configuration.bosh());
    assertEquals(
        URI.create("wss://meet.example:8443/Team.A/xmpp-websocket"), configuration.webSocket());
  }

  @Test
  void readsContainersConfiguration() throws Exception {
    DeploymentConfiguration configuration = DeploymentConfiguration.parse(CONTAINER, url("t/"));
    assertEquals("meet.jitsi", configuration.domain());
    assertEquals("guest.meet.jitsi", configuration.anonymousDomain());
    assertEquals("meet.jitsi", configuration.authenticatedDomain());
    assertEquals("muc.t.meet.jitsi", configuration.roomDomain());
    assertEquals("focus@auth.meet.jitsi", configuration.focusUser());
    assertEquals(URI.create("wss://meet.example:8443/t/xmpp-websocket"), configuration.webSocket());
    assertEquals(
        URI.create("https://meet.example:8443/t/conference-request/v1"),
        configuration.conferenceRequest());
    assertEquals(List.of(), configuration.unread());
  }

  @Test
  void fallsBackToWhatPackagesHave() throws Exception {
    DeploymentConfiguration configuration = DeploymentConfiguration.parse("config = {}", url("T/"));
    assertEquals("meet.example", configuration.domain());
    assertEquals("conference.t.meet.example", configuration.roomDomain());
    assertEquals(URI.create("wss://meet.example:8443/T/xmpp-websocket"), configuration.webSocket());
    assertEquals(URI.create("https://meet.example:8443/T/http-bind"), configuration.bosh());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "config = { hosts: { domain: 'a.b' } } | a.b",
        "var config = { \"hosts\": { \"domain\": \"a.b\", }, }; | a.b",
        "let config={hosts:{domain:`a.b`}} | a.b",
        "const x = 'a.'; const config = {hosts:{domain: x + 'b'}} | a.b",
        "const x = 'a.', y = 'b'; config = {hosts:{domain: `${x}${ y }`}} | a.b",
        "window.config = {hosts:{domain:'a' /* not + 'c' */ + '.b'}} | a.b",
        "config = {hosts:{domain:'c.d'}}; config.hosts.domain = 'a.b'; | a.b",
        "config = {hosts:{domain:'c.d'}}; config['hosts'][\"domain\"] = 'a.b'; | a.b",
        "config = {hosts:{domain:'c.d'}}; config.hosts = {domain: 'a.b'}; | a.b",
        "config = {hosts:{domain:'c.d'}}; config = {hosts: {domain: 'a.b'}}; | a.b",
        "config = {f: function() { return {a: 1}; }, hosts:{domain:'a.b'}} | a.b",
        "config = {f: (a) => ({b: a}), r: /}'/g, hosts:{domain:'a.b'}} | a.b",
        "config = {hosts:{domain:'\\x61\\u002eb'}} | a.b",
        "config = {x: {hosts: {domain: 'c.d'}}, hosts:{domain:'a.b'}} | a.b",
        "if (x) { y() } else z(); config = {hosts:{domain:'a.b'}} | a.b",
        "(function() { config = {hosts:{domain:'c.d'}} })(); config = {hosts:{domain:'a.b'}} | a.b",
        "var a = 1 / 2, b = 4 / 2; config = {hosts:{domain:'a.b'}} | a.b",
        "'unterminated\\nconfig = {hosts:{domain:'a.b'}} | a.b"
      })
  void readsWhatAssignsLiterals(String script, String domain) throws Exception {
    assertEquals(domain, parse(script.replace("\\n", "\n")).domain());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "config = {hosts:{domain: f()}} | meet.example",
        "config = {hosts:{domain: 'a' + f()}} | meet.example",
        "config = {hosts:{domain: x ?? 'a.b'}} | meet.example",
        "config = {hosts:{domain: x ? 'a.b' : 'c.d'}} | meet.example",
        "config = {hosts:{domain: 'a.b'.toLowerCase()}} | meet.example",
        "config = {hosts:{domain: location.host}} | meet.example",
        "config = {hosts:{domain: unknown}} | meet.example",
        "config = {hosts:{domain: `a.${f()}`}} | meet.example",
        "x = 'a'; x = f(); config = {hosts:{domain: x}} | meet.example",
        "x = 'a'; if (y) x = 'b'; config = {hosts:{domain: x}} | meet.example",
        "config = {hosts:{domain: 'a.b'}}; if (x) config.hosts.domain = 'c.d'; | a.b",
        "config = {hosts:{domain: 'a.b'}}; if (x) { config.hosts.domain = 'c.d'; } | a.b",
        "config = {hosts:{domain: 'a.b'}}; if (x) {} else config.hosts = {domain: 'c.d'} | a.b",
        "config = {hosts:{domain: 'a.b'}}; function f() { config.hosts.domain = 'c.d'; } | a.b",
        "config = {hosts:{domain: 'a.b'}}; config.hosts.domain = f(); | meet.example",
        "config = {hosts:{domain: 'a.b'}}; config.hosts.domain += '.c'; | meet.example",
        "config = {hosts:{domain: 'a.b', ...more}} | a.b"
      })
  void namesWhatItCannotTell(String script, String domain) throws Exception {
    ConfigurationScript read = ConfigurationScript.read(script, Set.of("hosts.domain"), Map.of());
    assertEquals(Set.of("hosts.domain"), read.unread());
    assertEquals(domain, parse(script).domain());
  }

  @Test
  void namesAllThatAreAssignedTogether() throws Exception {
    assertEquals(
        List.of(
            "hosts.anonymousdomain",
            "hosts.authdomain",
            "hosts.domain",
            "hosts.focus",
            "hosts.muc"),
        parse("config = {hosts: f(), bosh: '/b'}").unread());
    assertEquals(10, parse("config = Object.assign({}, {hosts: {domain: 'a.b'}})").unread().size());
  }

  @Test
  void addressesMayBeRelative() throws Exception {
    DeploymentConfiguration configuration =
        parse("config = {bosh: '//other.example/b', websocket: '/w'}");
    assertEquals(URI.create("https://other.example/b"), configuration.bosh());
    assertEquals(URI.create("wss://meet.example:8443/w"), configuration.webSocket());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<!DOCTYPE html><html><head><script>var x = {};</script></head></html>",
        "var interfaceConfig = { a: 'b' };",
        "// config = {}",
        "configuration = {}",
        "x.config = {}"
      })
  void noticesThatThereIsNone(String script) {
    DeploymentException refusal = assertThrows(DeploymentException.class, () -> parse(script));
    assertEquals(Reason.NO_JITSI, refusal.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config = {hosts:{domain:''}}",
        "config = {hosts:{domain:'a@b'}}",
        "config = {hosts:{muc:'a/b'}}",
        "config = {hosts:{focus:'a b'}}",
        "config = {focusUserJid:'focus'}",
        "config = {bosh:'https://a b/'}",
        "config = {websocket:'wss:///'}",
        "config = {conferenceRequestUrl:'mailto:a@b'}"
      })
  void refusesWhatIsInvalid(String script) {
    DeploymentException refusal = assertThrows(DeploymentException.class, () -> parse(script));
    assertEquals(Reason.MALFORMED, refusal.reason());
    assertEquals(1, String.valueOf(refusal.getMessage()).lines().count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "(",
        "[",
        "}",
        ")",
        "if(",
        "if(x)",
        "else ",
        "function f(){",
        "config={",
        "config.",
        "config={hosts:{",
        "a=a+a+a;",
        "a='x'+a;a=`${a}${a}`;",
        "/[",
        "/*",
        "'",
        "`${",
        "x=y,",
        "hosts:{",
        "\\",
        "config.hosts={...x,",
        "var ",
        "config[",
        "a?b:",
        "= /"
      })
  void comesToAnEnd(String piece) {
    String script = "config={};" + piece.repeat(1_000_000 / piece.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> ConfigurationScript.read(script, Set.of("hosts.domain", "bosh"), Map.of()));
  }
}
