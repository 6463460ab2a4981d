/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kotlin.Unit;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jspecify.annotations.Nullable;

/**
 * The ids, as negotiated with one receiver, of the header extensions that double packets keep on
 * their way to it: those that tell a receiver or a further bridge who speaks, which way is up, and
 * where decoding can start. Thread-safe.
 */
public final class RetainedExtensions {
  /** In place of an id. */
  public static final int NOT_NEGOTIATED = -1;

  private final Map<RtpExtensionType, Integer> negotiated = new HashMap<>();
  private volatile Set<Integer> ids = Set.of();
  private volatile int descriptorId = NOT_NEGOTIATED;

  private final ReadOnlyStreamInformationStore store;

  private RetainedExtensions(ReadOnlyStreamInformationStore store) {
    this.store = store;
  }

  /** What the receiver with this store negotiates, now and later. */
  public static RetainedExtensions of(ReadOnlyStreamInformationStore store) {
    RetainedExtensions retained = new RetainedExtensions(store);
    retained.retain(RtpExtensionType.SSRC_AUDIO_LEVEL);
    retained.retain(RtpExtensionType.VIDEO_ORIENTATION);
    retained.retain(RtpExtensionType.FRAME_MARKING);
    retained.retain(RtpExtensionType.AV1_DEPENDENCY_DESCRIPTOR);
    return retained;
  }

  /** Keeps one more, if the receiver negotiates it. */
  public void retain(RtpExtensionType type) {
    store.onRtpExtensionMapping(
        type,
        id -> {
          negotiated(type, id);
          return Unit.INSTANCE;
        });
  }

  private synchronized void negotiated(RtpExtensionType type, @Nullable Integer id) {
    if (id == null) {
      negotiated.remove(type);
    } else {
      negotiated.put(type, id);
    }
    ids = Set.copyOf(negotiated.values());
    descriptorId =
        negotiated.getOrDefault(RtpExtensionType.AV1_DEPENDENCY_DESCRIPTOR, NOT_NEGOTIATED);
  }

  /** The ids, unmodifiable. */
  public Set<Integer> ids() {
    return ids;
  }

  /** The dependency descriptor's, or {@link #NOT_NEGOTIATED}. */
  public int descriptorId() {
    return descriptorId;
  }
}
