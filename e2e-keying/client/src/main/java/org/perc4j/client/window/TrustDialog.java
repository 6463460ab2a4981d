/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.window;

import java.awt.Component;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.event.KeyEvent;
import java.util.List;
import java.util.function.Consumer;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.KeyStroke;
import javax.swing.WindowConstants;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.meeting.Meeting;
import org.perc4j.client.meeting.Meeting.Attendee;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.VerificationCode;

/**
 * Who is there, how far each is believed, and the code to read to each other. By keyboard: Tab goes
 * to the next button, the space bar presses it, Escape closes.
 */
final class TrustDialog {
  private static final int MARGIN = 12;
  private static final Dimension MAX_SIZE = new Dimension(640, 480);

  private TrustDialog() {}

  /**
   * Shows it, until it is closed.
   *
   * @param verified is told of members with whom the code was compared
   */
  static void show(JFrame parent, Meeting meeting, Consumer<Member> verified) {
    JPanel panel = new JPanel();
    panel.setLayout(new BoxLayout(panel, BoxLayout.Y_AXIS));
    panel.setBorder(BorderFactory.createEmptyBorder(MARGIN, MARGIN, MARGIN, MARGIN));
    panel.add(text(meeting.privacyLine(), Font.BOLD));
    addCode(panel, meeting.code());
    JDialog dialog = new JDialog(parent, "How private is it?", false);
    List<Attendee> attendees = meeting.attendees();
    for (Attendee attendee : attendees) {
      panel.add(Box.createVerticalStrut(MARGIN / 2));
      panel.add(row(attendee, verified));
    }
    dialog.add(new JScrollPane(panel));
    dialog.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    dialog
        .getRootPane()
        .registerKeyboardAction(
            event -> dialog.dispose(),
            KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0),
            JComponent.WHEN_IN_FOCUSED_WINDOW);
    dialog.pack();
    Dimension size = dialog.getSize();
    dialog.setSize(Math.min(size.width, MAX_SIZE.width), Math.min(size.height, MAX_SIZE.height));
    dialog.setLocationRelativeTo(parent);
    dialog.setVisible(true);
  }

  private static void addCode(JPanel panel, @Nullable VerificationCode code) {
    if (code == null) {
      panel.add(text("there is no code yet", Font.PLAIN));
      return;
    }
    panel.add(
        text(
            "Read this to each other; it is the same for all, or somebody is between:",
            Font.PLAIN));
    panel.add(text(code.digits(), Font.BOLD));
    panel.add(text(String.join(", ", code.words()), Font.PLAIN));
  }

  private static JPanel row(Attendee attendee, Consumer<Member> verified) {
    JPanel row = new JPanel();
    row.setLayout(new BoxLayout(row, BoxLayout.X_AXIS));
    row.setAlignmentX(Component.LEFT_ALIGNMENT);
    Member member = attendee.member();
    Standing standing = attendee.standing();
    String how =
        attendee.self()
            ? "you"
            : standing == null ? "outside of the group" : Meeting.words(standing);
    row.add(text(attendee.name() + ": " + how, Font.PLAIN));
    if (member != null && standing != null && standing != Standing.VERIFIED) {
      JButton mark = new JButton("The code was the same: mark as verified");
      mark.addActionListener(
          event -> {
            mark.setEnabled(false);
            verified.accept(member);
          });
      row.add(Box.createHorizontalStrut(MARGIN));
      row.add(mark);
    }
    return row;
  }

  private static JLabel text(String text, int style) {
    JLabel label = new JLabel(text);
    // Swing would take a text that begins with <html> for a page.
    label.putClientProperty("html.disable", true);
    label.setFont(label.getFont().deriveFont(style));
    label.setAlignmentX(Component.LEFT_ALIGNMENT);
    return label;
  }
}
