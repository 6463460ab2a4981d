/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.concurrent.atomic.AtomicLong;

/** What was asked for and repaired, on both sides. Thread-safe. */
public final class MediaCounters {
  private final AtomicLong repairs = new AtomicLong();
  private final AtomicLong keyFrameRequests = new AtomicLong();
  private final AtomicLong negativeAcknowledgements = new AtomicLong();
  private final AtomicLong refusedReports = new AtomicLong();
  private final AtomicLong malformedReports = new AtomicLong();

  MediaCounters() {}

  void countRepair() {
    repairs.incrementAndGet();
  }

  void countKeyFrameRequest() {
    keyFrameRequests.incrementAndGet();
  }

  void countNegativeAcknowledgements(int packets) {
    negativeAcknowledgements.addAndGet(packets);
  }

  void countRefusedReport() {
    refusedReports.incrementAndGet();
  }

  void countMalformedReport() {
    malformedReports.incrementAndGet();
  }

  /** Returns how many repair packets were sent. */
  public long repairs() {
    return repairs.get();
  }

  /** Returns how often somebody asked for a key frame of an own stream. */
  public long keyFrameRequests() {
    return keyFrameRequests.get();
  }

  /** Returns for how many packets it was said that they are missing, repetitions included. */
  public long negativeAcknowledgements() {
    return negativeAcknowledgements.get();
  }

  /** Returns how many RTCP packets were not authentic. */
  public long refusedReports() {
    return refusedReports.get();
  }

  /** Returns how many RTCP packets were authentic, and not what they should be. */
  public long malformedReports() {
    return malformedReports.get();
  }
}
