/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.deployment.MeetingUrlException;

/**
 * What was asked for. Immutable.
 *
 * @param url of the meeting, with the token
 * @param name of this person, for the key and for people
 * @param identity file of the key
 * @param password of the room, or null
 * @param camera device, or null for the default
 * @param microphone device, or null for the default
 * @param video whether pictures are sent
 * @param sound whether sound is sent
 * @param file in place of devices, or null
 * @param maxHeight of the pictures that are sent, in pixels
 * @param yes whether sending begins without being asked for
 * @param headless whether there is no window
 * @param record folder to keep what comes in, or null
 * @param recordOnly whether nothing is sent and played
 * @param authorities file of certificates to trust, or null for Java's
 * @param debug whether libraries may say what they do
 * @param testPattern of test media, or null
 */
public record ClientOptions(
    MeetingUrl url,
    String name,
    Path identity,
    @Nullable String password,
    @Nullable String camera,
    @Nullable String microphone,
    boolean video,
    boolean sound,
    @Nullable Path file,
    int maxHeight,
    boolean yes,
    boolean headless,
    @Nullable Path record,
    boolean recordOnly,
    @Nullable Path authorities,
    boolean debug,
    @Nullable String testPattern) {
  /** How to call it. */
  public static final String USAGE =
      "usage: perc4j join URL [options], perc4j record URL --to FOLDER, perc4j help";

  private static final String RECORD = "record";
  private static final Set<String> COMMANDS = Set.of("join", RECORD);
  private static final int DEFAULT_HEIGHT = 360;
  private static final Set<String> HEIGHTS = Set.of("180", "360", "720");

  /** Returns what can be said on the command line, for people. */
  public static String help() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "usage: perc4j join URL [options]",
                "       perc4j record URL --to FOLDER [options]",
                "       perc4j help",
                "       perc4j --version",
                ""));
    for (Option option : Option.values()) {
      String help = option.help();
      if (help != null) {
        lines.add(help);
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  /**
   * Reads the command line.
   *
   * @param arguments {@code join} or {@code record}, and what belongs to it
   * @param environment variables; {@code PERC4J_PASSWORD} and {@code PERC4J_TOKEN} keep secrets
   *     from others on the machine, who can read command lines
   * @param home folder of whoever starts it
   * @param user name of whoever starts it
   * @throws UsageException if it cannot be understood
   */
  public static ClientOptions parse(
      List<String> arguments, Map<String, String> environment, Path home, String user)
      throws UsageException {
    Map<Option, String> given = new EnumMap<>(Option.class);
    String url = null;
    String command = arguments.isEmpty() ? "" : arguments.get(0);
    if (!COMMANDS.contains(command)) {
      throw new UsageException(USAGE);
    }
    boolean recordOnly = command.equals(RECORD);
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("-")) {
        if (url != null) {
          throw new UsageException("there is more than one URL. " + USAGE);
        }
        url = argument;
        continue;
      }
      Option option = Option.of(argument);
      if (option == null) {
        throw new UsageException("there is no option " + argument + ". " + USAGE);
      }
      String value = "";
      if (option.hasValue()) {
        if (++i == arguments.size()) {
          throw new UsageException(argument + " needs a value. " + USAGE);
        }
        value = arguments.get(i);
      }
      if (given.put(option, value) != null) {
        throw new UsageException(argument + " is there twice");
      }
    }
    if (url == null) {
      throw new UsageException("the meeting's URL is missing. " + USAGE);
    }
    if (recordOnly != given.containsKey(Option.TO)) {
      throw new UsageException("--to belongs to perc4j record, which needs it. " + USAGE);
    }
    return of(url, recordOnly, given, environment, home, user);
  }

  private static ClientOptions of(
      String url,
      boolean recordOnly,
      Map<Option, String> given,
      Map<String, String> environment,
      Path home,
      String user)
      throws UsageException {
    String token = given.getOrDefault(Option.TOKEN, environment.getOrDefault("PERC4J_TOKEN", ""));
    String size = given.getOrDefault(Option.SIZE, Integer.toString(DEFAULT_HEIGHT));
    if (!HEIGHTS.contains(size)) {
      throw new UsageException("--size is 180, 360 or 720");
    }
    if (given.containsKey(Option.FILE)
        && (given.containsKey(Option.CAMERA) || given.containsKey(Option.MICROPHONE))) {
      throw new UsageException("--file is in place of --camera and --microphone");
    }
    String name = given.getOrDefault(Option.NAME, user);
    Path identity = path(given, Option.IDENTITY);
    return new ClientOptions(
        meeting(url, token),
        name,
        identity == null
            ? home.resolve(".config").resolve("perc4j").resolve("identity.key")
            : identity,
        given.getOrDefault(Option.PASSWORD, environment.get("PERC4J_PASSWORD")),
        given.get(Option.CAMERA),
        given.get(Option.MICROPHONE),
        !recordOnly && !given.containsKey(Option.NO_VIDEO),
        !recordOnly && !given.containsKey(Option.NO_SOUND),
        path(given, Option.FILE),
        Integer.parseInt(size),
        given.containsKey(Option.YES),
        recordOnly || given.containsKey(Option.HEADLESS),
        path(given, recordOnly ? Option.TO : Option.RECORD),
        recordOnly,
        path(given, Option.CA),
        given.containsKey(Option.DEBUG),
        given.get(Option.TEST_MEDIA));
  }

  private static @Nullable Path path(Map<Option, String> given, Option option)
      throws UsageException {
    String value = given.get(option);
    try {
      return value == null ? null : Path.of(value);
    } catch (InvalidPathException e) {
      throw new UsageException(option.written() + " is no name of a file", e);
    }
  }

  private static MeetingUrl meeting(String url, String token) throws UsageException {
    try {
      MeetingUrl meeting = MeetingUrl.parse(url);
      if (token.isEmpty()) {
        return meeting;
      }
      if (meeting.token() != null) {
        throw new UsageException("the token is in the URL and beside it");
      }
      // The fragment is the browser's business.
      int end = url.indexOf('#') < 0 ? url.length() : url.indexOf('#');
      String address = url.substring(0, end).strip();
      return MeetingUrl.parse(address + (address.indexOf('?') < 0 ? "?" : "&") + "jwt=" + token);
    } catch (MeetingUrlException e) {
      throw new UsageException(Objects.requireNonNullElse(e.getMessage(), "not a URL"), e);
    }
  }

  /** Returns where it is kept who was met. */
  public Path acquaintances() {
    return identity.toAbsolutePath().resolveSibling("known-people");
  }

  /** Without the password and the token. */
  @Override
  public String toString() {
    return name + " at " + url;
  }
}
