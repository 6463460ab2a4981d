/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientOptionsTest {
  private static final String URL = "https://meet.example/Talk";

  private static ClientOptions parse(String... arguments) throws UsageException {
    return parse(Map.of(), arguments);
  }

  private static ClientOptions parse(Map<String, String> environment, String... arguments)
      throws UsageException {
    List<String> all = new ArrayList<>(List.of("join"));
    all.addAll(List.of(arguments));
    return ClientOptions.parse(all, environment, Path.of("/home/ann"), "ann");
  }

  private static void assertRefused(String why, String... arguments) {
    UsageException refused = assertThrows(UsageException.class, () -> parse(arguments));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(why), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void needsNothingButAUrl() throws UsageException {
    ClientOptions options = parse(URL);
    assertEquals("meet.example", options.url().host());
    assertEquals("ann", options.name());
    assertEquals(Path.of("/home/ann/.config/perc4j/identity.key"), options.identity());
    assertEquals(Path.of("/home/ann/.config/perc4j/known-people"), options.acquaintances());
    assertEquals(360, options.maxHeight());
    assertTrue(options.video());
    assertTrue(options.sound());
    assertFalse(options.yes());
    assertNull(options.password());
  }

  @Test
  void takesOptionsBeforeAndAfterTheUrl() throws UsageException {
    ClientOptions options =
        parse(
            "--no-video",
            URL,
            "--name",
            "Ann",
            "--password",
            "p q",
            "--microphone",
            "hw:1",
            "--size",
            "720",
            "--yes",
            "--headless",
            "--identity",
            "k");
    assertFalse(options.video());
    assertEquals("Ann", options.name());
    assertEquals("p q", options.password());
    assertEquals("hw:1", options.microphone());
    assertEquals(720, options.maxHeight());
    assertTrue(options.yes());
    assertTrue(options.headless());
    assertEquals(Path.of("k"), options.identity());
  }

  @Test
  void putsTheTokenIntoTheUrl() throws UsageException {
    assertEquals("a.b.c", parse(URL, "--token", "a.b.c").url().token());
    assertEquals("a.b.c", parse(URL + "?x=y#config.z=1", "--token", "a.b.c").url().token());
  }

  @Test
  void takesSecretsFromTheEnvironment() throws UsageException {
    ClientOptions options =
        parse(Map.of("PERC4J_PASSWORD", "secret", "PERC4J_TOKEN", "a.b.c"), URL);
    assertEquals("secret", options.password());
    assertEquals("a.b.c", options.url().token());
  }

  @Test
  void doesNotPrintSecrets() throws UsageException {
    String printed = parse(URL, "--password", "secret", "--token", "a.b.c").toString();
    assertFalse(printed.contains("secret") || printed.contains("a.b.c"), printed);
  }

  @Test
  void recordsWithoutSending() throws UsageException {
    ClientOptions options =
        ClientOptions.parse(
            List.of("record", URL, "--to", "folder"), Map.of(), Path.of("/home/ann"), "ann");
    assertTrue(options.recordOnly());
    assertEquals(Path.of("folder"), options.record());
    assertFalse(options.video() || options.sound());
    assertEquals(Path.of("x"), parse(URL, "--record", "x").record());
    assertFalse(parse(URL, "--record", "x").recordOnly());
  }

  @Test
  void refusesOtherCommandsAndARecordingToNowhere() {
    for (List<String> arguments :
        List.of(List.<String>of(), List.of("leave", URL), List.of("record", URL))) {
      assertThrows(
          UsageException.class,
          () -> ClientOptions.parse(arguments, Map.of(), Path.of("/home/ann"), "ann"));
    }
    assertRefused("--to belongs to", URL, "--to", "x");
  }

  @Test
  void refusesWhatCannotBeUnderstood() {
    assertRefused("URL is missing");
    assertRefused("more than one URL", URL, URL);
    assertRefused("no option --nme", URL, "--nme", "x");
    assertRefused("--name needs a value", URL, "--name");
    assertRefused("twice", URL, "--yes", "--yes");
    assertRefused("--size", URL, "--size", "361");
    assertRefused("in place of", URL, "--file", "a", "--camera", "b");
    assertRefused("beside", URL + "?jwt=a.b.c", "--token", "a.b.c");
    assertRefused("token", URL, "--token", "a b");
    assertRefused("https", "http://meet.example/Talk");
    assertRefused("--identity is no name", URL, "--identity", "a\0b");
  }

  @Test
  void helpsWithWhatIsForPeople() {
    String help = ClientOptions.help();
    assertTrue(help.contains("--no-video"));
    assertFalse(help.contains("--test-media"));
  }
}
