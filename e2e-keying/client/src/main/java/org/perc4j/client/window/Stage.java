/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.window;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.swing.JPanel;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.Frame;
import org.perc4j.client.media.Decoders;
import org.perc4j.client.media.PictureTaker;
import org.perc4j.client.meeting.Meeting.Attendee;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;

/** One tile for everybody else: who spoke last is large. */
final class Stage extends JPanel implements PictureTaker {
  private static final long serialVersionUID = 1;
  private static final int SMALL_WIDTH = 160;
  private static final int SMALL_HEIGHT = 110;
  private static final int MAX_TILES = 100;

  private final JPanel others = new JPanel(new FlowLayout(FlowLayout.CENTER, 4, 4));

  /** By nickname. Pictures come on other threads than Swing's. */
  private final transient Map<String, Tile> tiles = new ConcurrentHashMap<>();

  private @Nullable String large;

  Stage() {
    super(new BorderLayout());
    setBackground(Color.DARK_GRAY);
    others.setBackground(Color.DARK_GRAY);
    add(others, BorderLayout.SOUTH);
  }

  /** Shows who is there. On Swing's thread. */
  void show(List<Attendee> attendees) {
    Map<String, Attendee> there = new HashMap<>();
    for (Attendee attendee : attendees) {
      if (!attendee.self() && there.size() < MAX_TILES) {
        there.put(attendee.nickname(), attendee);
      }
    }
    boolean changed = tiles.keySet().retainAll(there.keySet());
    for (Attendee attendee : there.values()) {
      Tile tile = tiles.get(attendee.nickname());
      if (tile == null) {
        tile = new Tile();
        tiles.put(attendee.nickname(), tile);
        changed = true;
      }
      if (attendee.picturesOff()) {
        tile.clear();
      }
      tile.notice(notice(attendee));
      tile.label(
          label(attendee),
          attendee.speaks(),
          attendee.member() == null || attendee.standing() == Standing.CHANGED);
    }
    String wanted = large(there);
    if (changed || (wanted != null && !wanted.equals(large))) {
      large = wanted;
      arrange();
    }
  }

  /** Says why there are no pictures, in lines. */
  private static List<String> notice(Attendee attendee) {
    VideoCodec undecodable = attendee.undecodable();
    if (attendee.picturesOff()) {
      return List.of("camera off");
    }
    return undecodable == null
        ? List.of()
        : List.of(
            Decoders.word(undecodable) + " cannot be decoded:",
            "install " + Decoders.debianPackage(undecodable));
  }

  private static String label(Attendee attendee) {
    StringBuilder label = new StringBuilder(attendee.name());
    if (attendee.member() == null) {
      label.append(" - outside of the group");
    } else if (attendee.standing() == Standing.CHANGED) {
      label.append(" - ANOTHER KEY THAN BEFORE");
    }
    if (attendee.soundMuted()) {
      label.append(" (mute)");
    }
    return label.toString();
  }

  private @Nullable String large(Map<String, Attendee> there) {
    Set<String> members = new HashSet<>();
    for (Attendee attendee : there.values()) {
      if (attendee.speaks()) {
        return attendee.nickname();
      }
      if (attendee.member() != null) {
        members.add(attendee.nickname());
      }
    }
    if (large != null && there.containsKey(large)) {
      return large;
    }
    return members.stream().sorted().findFirst().orElse(null);
  }

  private void arrange() {
    removeAll();
    others.removeAll();
    tiles.forEach(
        (nickname, tile) -> {
          if (nickname.equals(large)) {
            add(tile, BorderLayout.CENTER);
          } else {
            tile.setPreferredSize(new Dimension(SMALL_WIDTH, SMALL_HEIGHT));
            others.add(tile);
          }
        });
    if (others.getComponentCount() > 0) {
      add(others, BorderLayout.SOUTH);
    }
    revalidate();
    repaint();
  }

  @Override
  public void picture(Source source, Frame bgrx) {
    Tile tile = tiles.get(source.owner());
    if (tile != null) {
      tile.show(bgrx);
    }
  }

  @Override
  public void gone(Source source) {
    Tile tile = tiles.get(source.owner());
    if (tile != null) {
      tile.clear();
    }
  }
}
