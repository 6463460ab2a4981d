/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.jdk.java.util;

import java.util.Date;
import java.util.TimeZone;

/**
 * Bouncy Castle knows it where it reads times, and where it shows them to people: it can be
 * reached, by {@code toString} of anything, and is not, as {@code CertificateTime} does without it.
 */
public class SimpleTimeZone extends TimeZone {
  /** There is none. */
  public SimpleTimeZone(int unusedOffset, String unusedId) {
    throw new UnsupportedOperationException("time zones");
  }

  @Override
  public int getOffset(int era, int year, int month, int day, int dayOfWeek, int milliseconds) {
    return 0;
  }

  @Override
  public int getRawOffset() {
    return 0;
  }

  @Override
  public void setRawOffset(int offset) {}

  @Override
  public boolean useDaylightTime() {
    return false;
  }

  @Override
  public boolean inDaylightTime(Date date) {
    return false;
  }
}
