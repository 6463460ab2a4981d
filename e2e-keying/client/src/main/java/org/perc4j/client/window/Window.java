/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.window;

import java.awt.AWTError;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.FlowLayout;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.awt.event.ActionEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.swing.AbstractAction;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.media.PictureTaker;
import org.perc4j.client.meeting.Attendance;
import org.perc4j.client.meeting.Meeting;
import org.perc4j.client.meeting.Meeting.Attendee;
import org.perc4j.client.meeting.Privacy;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.Member;
import org.perc4j.endpoint.media.MediaKind;

/**
 * The window of a meeting. Keys: Enter begins, m and v turn microphone and camera off and on, s
 * shows who is there and the code, q leaves. {@link #say}, {@link #changed} and {@link #close} may
 * be called on any thread.
 */
public final class Window {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 640;

  /** Whoever makes one key after the other does not fill the screen. */
  private static final int MAX_ASKED = 50;

  private final JFrame frame;
  private final Stage stage = new Stage();
  private final JButton privacy = button("");
  private final JLabel connection = label();
  private final JLabel own = label();
  private final JLabel news = label();
  private final JButton begin = button("Let them hear and see you (Enter)");
  private final Consumer<Member> verified;
  private final AtomicBoolean outdated = new AtomicBoolean();

  /** Fingerprints of keys that somebody was asked about. On Swing's thread. */
  private final Set<String> asked = new HashSet<>();

  private @Nullable Attendance attendance;

  private Window(String title, Consumer<Member> verified, Runnable leave) {
    this.verified = verified;
    frame = new JFrame(title);
    JPanel above = new JPanel(new FlowLayout(FlowLayout.LEFT));
    above.add(privacy);
    above.add(connection);
    above.add(own);
    above.add(begin);
    frame.add(above, BorderLayout.NORTH);
    frame.add(stage, BorderLayout.CENTER);
    frame.add(news, BorderLayout.SOUTH);
    frame.setSize(WIDTH, HEIGHT);
    frame.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
    frame.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowClosing(WindowEvent event) {
            leave.run();
          }
        });
    begin.setVisible(false);
    begin.addActionListener(event -> attend(Attendance::begin));
    privacy.addActionListener(event -> showTrust());
    key("ENTER", () -> attend(Attendance::begin));
    key("M", () -> attend(now -> now.toggle(MediaKind.AUDIO)));
    key("V", () -> attend(now -> now.toggle(MediaKind.VIDEO)));
    key("S", this::showTrust);
    key("Q", leave);
    frame.setVisible(true);
  }

  /**
   * Opens a window.
   *
   * @param title of it
   * @param verified is told of members with whom the code was compared
   * @param leave is told that the person wants to leave
   * @return null if there is no display
   */
  public static @Nullable Window open(String title, Consumer<Member> verified, Runnable leave)
      throws InterruptedException {
    if (GraphicsEnvironment.isHeadless()) {
      return null;
    }
    Window[] opened = new Window[1];
    try {
      SwingUtilities.invokeAndWait(() -> opened[0] = new Window(title, verified, leave));
      return opened[0];
    } catch (InvocationTargetException e) {
      if (isWithoutDisplay(e.getCause())) {
        return null;
      }
      throw new IllegalStateException(e);
    } catch (LinkageError | AWTError e) {
      return null;
    }
  }

  /** A display that is named may not be there, and Java may be installed without windows. */
  private static boolean isWithoutDisplay(@Nullable Throwable cause) {
    return cause instanceof HeadlessException
        || cause instanceof LinkageError
        || cause instanceof AWTError;
  }

  private static JButton button(String text) {
    JButton button = new JButton(text);
    // so that Enter and the other keys are the window's
    button.setFocusable(false);
    return button;
  }

  private static JLabel label() {
    JLabel label = new JLabel(" ");
    label.putClientProperty("html.disable", true);
    return label;
  }

  private void key(String key, Runnable action) {
    JComponent root = frame.getRootPane();
    root.getInputMap(JComponent.WHEN_IN_FOCUSED_WINDOW).put(KeyStroke.getKeyStroke(key), key);
    root.getActionMap()
        .put(
            key,
            new AbstractAction() {
              private static final long serialVersionUID = 1;

              @Override
              public void actionPerformed(ActionEvent event) {
                action.run();
              }
            });
  }

  /** What a person does may wait for a device or the server, which the window must not. */
  private void attend(Consumer<Attendance> action) {
    Attendance now = attendance;
    if (now != null) {
      new Thread(() -> action.accept(now), "window").start();
    }
  }

  private void showTrust() {
    if (attendance != null) {
      TrustDialog.show(frame, attendance.meeting(), verified);
    }
  }

  /** Returns where pictures go. */
  public PictureTaker pictures() {
    return stage;
  }

  /** Shows a meeting from now on. */
  public void show(Attendance shown) {
    SwingUtilities.invokeLater(
        () -> {
          attendance = shown;
          refresh();
        });
  }

  /** Says a line. */
  public void say(String line) {
    SwingUtilities.invokeLater(() -> news.setText(line));
  }

  /** Something may look different now. */
  public void changed() {
    if (!outdated.getAndSet(true)) {
      SwingUtilities.invokeLater(
          () -> {
            outdated.set(false);
            refresh();
          });
    }
  }

  private void refresh() {
    Attendance now = attendance;
    if (now == null) {
      return;
    }
    Meeting meeting = now.meeting();
    Privacy how = meeting.privacy();
    privacy.setText("private: " + how.words());
    privacy.setForeground(
        switch (how) {
          case PRIVATE -> new Color(0x1b, 0x7a, 0x1f);
          case OUTSIDERS -> new Color(0x9a, 0x60, 0x00);
          default -> new Color(0xb7, 0x1c, 0x1c);
        });
    connection.setText(meeting.isConnected() ? "connected" : "not connected");
    own.setText(now.ownLine());
    begin.setVisible(now.waitsForBeginning());
    List<Attendee> attendees = meeting.attendees();
    stage.show(attendees);
    askAboutChangedKeys(attendees);
  }

  /** Whoever comes with another key than before is asked about, once for each key. */
  private void askAboutChangedKeys(List<Attendee> attendees) {
    boolean asks = false;
    for (Attendee attendee : attendees) {
      Member member = attendee.member();
      if (member != null && attendee.standing() == Standing.CHANGED && asked.size() < MAX_ASKED) {
        asks |= asked.add(member.credential().fingerprint());
      }
    }
    if (asks) {
      showTrust();
    }
  }

  /** Closes it. */
  public void close() {
    SwingUtilities.invokeLater(frame::dispose);
  }
}
