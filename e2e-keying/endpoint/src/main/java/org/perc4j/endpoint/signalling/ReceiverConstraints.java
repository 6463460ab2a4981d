/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What video a receiver wants.
 *
 * @param lastN from how many endpoints, -1 for all
 * @param maxHeight in pixels, of sources that have no limits of their own; 0 for no video
 * @param onStageSources names of sources that go first
 * @param selectedSources names of sources that come next
 * @param limits by names of sources
 * @param assumedBandwidthBps what the bridge is to think that the receiver's network carries; -1
 *     for what it finds out
 */
public record ReceiverConstraints(
    int lastN,
    int maxHeight,
    List<String> onStageSources,
    List<String> selectedSources,
    Map<String, Limits> limits,
    long assumedBandwidthBps) {
  /** Video from everyone. */
  public static final ReceiverConstraints EVERYTHING = lastN(-1);

  private static final int DEFAULT_HEIGHT = 720;
  private static final long ENOUGH_BPS = 10_000_000;
  private static final long NO_ASSUMPTION = -1;

  /**
   * What is wanted of a source.
   *
   * @param maxHeight in pixels, 0 for nothing, -1 for no limit
   * @param maxFrameRate per second, -1 for no limit
   */
  public record Limits(int maxHeight, double maxFrameRate) {
    static final double ANY_FRAME_RATE = -1;
  }

  /** Copies the collections. */
  public ReceiverConstraints {
    onStageSources = List.copyOf(onStageSources);
    selectedSources = List.copyOf(selectedSources);
    limits = Map.copyOf(limits);
  }

  /** With enough bandwidth for everything. */
  public ReceiverConstraints(int lastN, int maxHeight, List<String> onStageSources) {
    this(lastN, maxHeight, onStageSources, List.of(), Map.of(), ENOUGH_BPS);
  }

  /** Video from so many endpoints, chosen by the bridge. */
  public static ReceiverConstraints lastN(int lastN) {
    return new ReceiverConstraints(lastN, DEFAULT_HEIGHT, List.of());
  }

  /** The same, with another limit for sources that have none of their own. */
  public ReceiverConstraints withMaxHeight(int pixels) {
    return new ReceiverConstraints(
        lastN, pixels, onStageSources, selectedSources, limits, assumedBandwidthBps);
  }

  /** The same, with other sources that go first. */
  public ReceiverConstraints withOnStage(String... sources) {
    return new ReceiverConstraints(
        lastN, maxHeight, List.of(sources), selectedSources, limits, assumedBandwidthBps);
  }

  /** The same, with other sources that come next. */
  public ReceiverConstraints withSelected(String... sources) {
    return new ReceiverConstraints(
        lastN, maxHeight, onStageSources, List.of(sources), limits, assumedBandwidthBps);
  }

  /** The same, with a source no higher than this. */
  public ReceiverConstraints withLimit(String source, int pixels) {
    return withLimit(source, new Limits(pixels, Limits.ANY_FRAME_RATE));
  }

  /** The same, with limits for a source. */
  public ReceiverConstraints withLimit(String source, Limits limit) {
    Map<String, Limits> more = new LinkedHashMap<>(limits);
    more.put(source, limit);
    return new ReceiverConstraints(
        lastN, maxHeight, onStageSources, selectedSources, more, assumedBandwidthBps);
  }

  /** The same, with another bandwidth; the bridge's configuration has a limit for it. */
  public ReceiverConstraints withAssumedBandwidthBps(long bitsPerSecond) {
    return new ReceiverConstraints(
        lastN, maxHeight, onStageSources, selectedSources, limits, bitsPerSecond);
  }

  /** The same, of a network of which the bridge is to think what it finds out by itself. */
  public ReceiverConstraints withNoAssumedBandwidth() {
    return withAssumedBandwidthBps(NO_ASSUMPTION);
  }
}
