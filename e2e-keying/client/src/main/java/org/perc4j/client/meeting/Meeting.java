/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.media.Decoders;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.VerificationCode;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.Occupant;
import org.perc4j.endpoint.media.VideoCodec;

/**
 * What is known of a meeting, from what its call tells, with a line for people for each thing that
 * they should hear of. All texts that it gives can be printed. Thread-safe.
 */
public final class Meeting {
  private final Function<Member, Standing> standings;
  private final Consumer<String> lines;
  private final Map<String, Occupant> occupants = new LinkedHashMap<>();
  private final Set<String> outsiders = new LinkedHashSet<>();

  /** In which codec somebody's pictures are that cannot be decoded here, by nickname. */
  private final Map<String, VideoCodec> undecodable = new HashMap<>();

  private String self = "";
  private @Nullable Roster roster;
  private @Nullable VerificationCode code;
  private @Nullable String trouble;
  private @Nullable String speaker;
  private @Nullable String told;
  private boolean connected;

  /**
   * Somebody in the meeting.
   *
   * @param nickname in the room
   * @param name proven for members, else what it shows, in quotation marks
   * @param member who it is in the group, or null
   * @param standing how far it is believed, or null for whoever is no member
   * @param self whether it is this client
   * @param speaks whether the bridge says that it speaks
   * @param soundMuted whether it says that it sends no sound
   * @param picturesOff whether it says that it sends no pictures
   * @param undecodable codec of its pictures if they cannot be decoded here, or null
   */
  public record Attendee(
      String nickname,
      String name,
      @Nullable Member member,
      @Nullable Standing standing,
      boolean self,
      boolean speaks,
      boolean soundMuted,
      boolean picturesOff,
      @Nullable VideoCodec undecodable) {}

  /**
   * A meeting of which nothing is known.
   *
   * @param standings how far a member is believed
   * @param lines is told what happens, in lines that can be printed; must not call this
   */
  public Meeting(Function<Member, Standing> standings, Consumer<String> lines) {
    this.standings = standings;
    this.lines = lines;
  }

  // ---------------------------------------------------------------- what happens

  /** Says under which nickname this client is in the room. */
  public synchronized void setSelf(String nickname) {
    self = nickname;
  }

  /** Takes what happened. */
  public synchronized void apply(CallEvent event) {
    if (event instanceof CallEvent.Group group) {
      apply(group.event());
    } else if (event instanceof CallEvent.WaitsInLobby) {
      lines.accept("in the lobby: somebody has to let you in");
    } else if (event instanceof CallEvent.Connected) {
      connected = true;
      lines.accept("connection: there is a bridge");
    } else if (event instanceof CallEvent.Disconnected disconnected) {
      connected = false;
      lines.accept("connection: none, " + Printable.line(disconnected.detail()));
    } else if (event instanceof CallEvent.OccupantShown shown) {
      shown(shown.occupant());
    } else if (event instanceof CallEvent.OccupantGone gone) {
      Object unused = occupants.remove(gone.nickname());
      tellPrivacy(false);
    } else if (event instanceof CallEvent.CodecRefused refused) {
      lines.accept(
          "nobody sees you: this deployment does not take " + Decoders.word(refused.codec()));
    } else if (event instanceof CallEvent.Speaker speaks) {
      speaks(speaks.occupant());
    } else if (event instanceof CallEvent.Failed failed) {
      lines.accept("something went wrong: " + Printable.line(String.valueOf(failed.cause())));
    }
  }

  /**
   * Says that somebody's pictures cannot be decoded here.
   *
   * @param codec that they have, or null if they can be decoded, or are not there any more
   */
  public synchronized void setUndecodable(String nickname, @Nullable VideoCodec codec) {
    if (codec == null) {
      Object unused = undecodable.remove(nickname);
    } else if (undecodable.put(nickname, codec) != codec) {
      lines.accept(
          "%s sends %s, which this machine cannot decode: install %s"
              .formatted(name(nickname), Decoders.word(codec), Decoders.debianPackage(codec)));
    }
  }

  private void shown(Occupant now) {
    Occupant before = occupants.put(now.nickname(), now);
    if (before == null) {
      tellPrivacy(false);
    }
    if (before != null && before.audioMuted() != now.audioMuted()) {
      lines.accept(
          name(now.nickname()) + (now.audioMuted() ? " is mute" : " is not mute any more"));
    }
    if (before != null && before.videoMuted() != now.videoMuted()) {
      lines.accept(
          name(now.nickname()) + (now.videoMuted() ? " shows no pictures" : " shows pictures"));
    }
  }

  private void speaks(String nickname) {
    if (!nickname.equals(speaker)) {
      speaker = nickname;
      lines.accept("speaks: " + name(nickname));
    }
  }

  private void apply(SessionEvent event) {
    if (event instanceof SessionEvent.EpochChanged changed) {
      roster = changed.roster();
      code = null;
    } else if (event instanceof SessionEvent.CodeReady ready) {
      code = ready.code();
      tellPrivacy(true);
      lines.accept(
          "code: " + ready.code().digits() + " (the same for all, or somebody is between)");
    } else if (event instanceof SessionEvent.MemberJoined joined) {
      if (!joined.member().occupant().equals(self)) {
        lines.accept(
            "+ %s is in the group, %s"
                .formatted(name(joined.member().occupant()), words(joined.standing())));
        tellPrivacy(false);
      }
    } else if (event instanceof SessionEvent.MemberLeft left) {
      lines.accept("- " + Printable.of(left.member().name()) + " is not in the group any more");
      tellPrivacy(false);
    } else if (event instanceof SessionEvent.OutsiderArrived arrived) {
      outsiders.add(arrived.occupant());
      lines.accept(
          "! outside of the group: %s, who hears and sees nobody of it"
              .formatted(name(arrived.occupant())));
      tellPrivacy(false);
    } else if (event instanceof SessionEvent.OutsiderLeft left) {
      boolean unused = outsiders.remove(left.occupant());
      tellPrivacy(false);
    } else {
      applyTrouble(event);
    }
  }

  private void applyTrouble(SessionEvent event) {
    if (event instanceof SessionEvent.Degraded degraded) {
      trouble = Printable.line(degraded.detail());
      lines.accept("! " + trouble);
      tellPrivacy(false);
    } else if (event instanceof SessionEvent.Recovered) {
      trouble = null;
      lines.accept("in step with the group again");
      tellPrivacy(false);
    } else if (event instanceof SessionEvent.DoesNotFollow stays) {
      lines.accept(
          "! %s does not accept %s, hears nobody and is not heard"
              .formatted(name(stays.occupant()), Printable.of(stays.because().name())));
    } else if (event instanceof SessionEvent.SendingWaits waits) {
      lines.accept(
          waits.occupants().isEmpty()
              ? "sending goes on"
              : "nothing is sent while these are not in the group: " + names(waits.occupants()));
    } else if (event instanceof SessionEvent.Refused refused) {
      lines.accept(
          "! %s was refused: %s"
              .formatted(name(refused.occupant()), Printable.line(refused.detail())));
    } else if (event instanceof SessionEvent.Ended over) {
      roster = null;
      code = null;
      lines.accept("the meeting is over for you: " + Printable.line(over.detail()));
    }
  }

  /** Nothing is told before the first code, with which it is told whatever it is. */
  private void tellPrivacy(boolean always) {
    String now = privacyLine();
    if (always || (told != null && !now.equals(told))) {
      told = now;
      lines.accept(now);
    }
  }

  /**
   * Who is in the room and no member: those who do not speak the protocol, and those who could and
   * were not let in, or not yet.
   */
  private Set<String> outside() {
    Set<String> outside = new LinkedHashSet<>(outsiders);
    outside.addAll(occupants.keySet());
    if (roster != null) {
      roster.members().forEach(member -> outside.remove(member.occupant()));
    }
    return outside;
  }

  // ---------------------------------------------------------------- what is known

  /** Returns how private it is. */
  public synchronized Privacy privacy() {
    Roster members = roster;
    if (members == null) {
      return Privacy.NO_GROUP;
    }
    if (trouble != null) {
      return Privacy.UNCERTAIN;
    }
    if (members.members().stream()
        .anyMatch(
            member ->
                !member.occupant().equals(self) && standings.apply(member) == Standing.CHANGED)) {
      return Privacy.CHANGED_KEY;
    }
    return outside().isEmpty() ? Privacy.PRIVATE : Privacy.OUTSIDERS;
  }

  /** Returns a line about who reads what is sent, and who is in the room besides. */
  public synchronized String privacyLine() {
    StringBuilder line = new StringBuilder("private: ").append(privacy().words());
    Roster members = roster;
    if (members != null) {
      line.append("; members: ")
          .append(
              members.members().stream()
                  .map(
                      member ->
                          Printable.of(member.name())
                              + (member.occupant().equals(self) ? " (you)" : ""))
                  .collect(Collectors.joining(", ")));
    }
    Set<String> outside = outside();
    if (members != null && !outside.isEmpty()) {
      line.append("; outside: ").append(names(outside));
    }
    return line.toString();
  }

  /** Returns who is there, members first. */
  public synchronized List<Attendee> attendees() {
    List<Attendee> attendees = new ArrayList<>();
    if (roster != null) {
      roster.members().forEach(member -> attendees.add(attendee(member.occupant(), member)));
    }
    outside().forEach(other -> attendees.add(attendee(other, null)));
    return attendees;
  }

  private Attendee attendee(String nickname, @Nullable Member member) {
    Occupant shown = occupants.get(nickname);
    return new Attendee(
        nickname,
        name(nickname),
        member,
        member == null || nickname.equals(self) ? null : standings.apply(member),
        nickname.equals(self),
        nickname.equals(speaker),
        shown != null && shown.audioMuted(),
        shown != null && shown.videoMuted(),
        undecodable.get(nickname));
  }

  /** Returns who somebody proved to be, by its nickname, or null for whoever is no member. */
  public synchronized @Nullable Member member(String nickname) {
    return roster == null ? null : roster.occupant(nickname);
  }

  /** Returns the code of this moment, or null if there is none yet. */
  public synchronized @Nullable VerificationCode code() {
    return code;
  }

  /** Whether there is a bridge. */
  public synchronized boolean isConnected() {
    return connected;
  }

  /**
   * Returns what somebody is to be called: the proven name, with another one that it shows in
   * quotation marks; or that one alone; or the nickname.
   */
  public synchronized String name(String nickname) {
    Occupant shown = occupants.get(nickname);
    String display = shown == null ? null : shown.displayName();
    Member member = roster == null ? null : roster.occupant(nickname);
    if (member == null) {
      return (display == null ? "somebody" : "\"" + quoted(display) + "\"")
          + " ("
          + Printable.of(nickname)
          + ", not proven)";
    }
    String proven = Printable.of(member.name());
    return display == null || display.equals(member.name())
        ? proven
        : proven + " \"" + quoted(display) + "\"";
  }

  /** Nothing that is shown can end its own quotation marks. */
  private static String quoted(String display) {
    return Printable.of(display).replace('"', '\'');
  }

  private String names(Set<String> nicknames) {
    return nicknames.stream().map(this::name).collect(Collectors.joining(", "));
  }

  /** Returns a few words about how far somebody is believed. */
  public static String words(Standing standing) {
    return switch (standing) {
      case FIRST_MET -> "met for the first time: compare codes";
      case KNOWN -> "met before";
      case VERIFIED -> "verified";
      case CHANGED -> "WITH ANOTHER KEY THAN BEFORE: ask by other means, compare codes";
    };
  }
}
