/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the room has delivered what others said before: a number that an occupant sends to itself
 * comes back after that. Who wants to say something again, or in another's place, looks first; as
 * everybody does, a server that is slow gets no more to do than it can. A number that does not come
 * back only delays. Belongs to one event loop.
 */
final class RoundTrip {
  static final int NUMBER_BYTES = 16;

  /** How long a number may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How often that is doubled while none comes back. */
  private static final int MAX_DOUBLINGS = 2;

  private final EventLoop loop;
  private final Timers timers;
  private final Outgoing out;
  private final SecureRandom random;
  private final List<Check> checks = new ArrayList<>();
  private Duration lag = Duration.ZERO;
  private int unanswered;

  RoundTrip(EventLoop loop, Timers timers, Outgoing out, SecureRandom random) {
    this.loop = loop;
    this.timers = timers;
    this.out = out;
    this.random = random;
  }

  /** One at a time of what waits for a number to come back. */
  final class Check {
    private final OneTimer timer = timers.one();
    private byte @Nullable [] number;
    private long sinceNanos;
    private Runnable then = () -> {};

    private Check() {}

    /** Sends a number, in place of an earlier one, and does something once it is back. */
    void start(Runnable then) {
      byte[] fresh = new byte[NUMBER_BYTES];
      random.nextBytes(fresh);
      this.number = fresh;
      this.then = then;
      this.sinceNanos = loop.nanoTime();
      timer.set(
          PATIENCE.multipliedBy(1L << unanswered),
          () -> {
            unanswered = Math.min(unanswered + 1, MAX_DOUBLINGS);
            end();
          });
      out.toSelf(fresh);
    }

    boolean isUnderWay() {
      return number != null;
    }

    void stop() {
      number = null;
      timer.stop();
    }

    private void end() {
      stop();
      then.run();
    }
  }

  /** Makes another one, not started. */
  Check one() {
    Check check = new Check();
    checks.add(check);
    return check;
  }

  /** A number came from this occupant itself. */
  void cameBack(byte[] number) {
    for (Check check : checks) {
      if (check.number != null && Arrays.equals(check.number, number)) {
        lag = Duration.ofNanos(loop.nanoTime() - check.sinceNanos);
        unanswered = 0;
        check.end();
        return;
      }
    }
  }

  /** Returns how long the last number took that came back. */
  Duration lag() {
    return lag;
  }

  /** The room is out of reach: nothing comes back. */
  void lost() {
    checks.forEach(Check::stop);
    lag = Duration.ZERO;
    unanswered = 0;
  }
}
