/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Functions of GStreamer 1.x and GLib by their names in C, written as in Java: {@code
 * gstParseLaunch} is {@code gst_parse_launch}.
 */
final class NativeGStreamer {
  /** Of {@code GstState}. */
  static final int STATE_NULL = 1;

  static final int STATE_READY = 2;
  static final int STATE_PLAYING = 4;

  /** Of {@code GstStateChangeReturn}. */
  static final int STATE_CHANGE_FAILURE = 0;

  /** Of {@code GstMessageType}. */
  static final int MESSAGE_EOS = 1;

  static final int MESSAGE_ERROR = 1 << 1;

  /** {@code GST_CLOCK_TIME_NONE}. */
  static final long NO_TIME = -1;

  private static final Map<String, Object> NAMES =
      Map.of(
          Library.OPTION_FUNCTION_MAPPER,
          (FunctionMapper)
              (library, method) ->
                  method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));

  private NativeGStreamer() {}

  /** Of libgstreamer, and of the libraries that it needs. */
  interface Core extends Library {
    int gstInitCheck(
        @Nullable Pointer count, @Nullable Pointer arguments, PointerByReference error);

    @Nullable Pointer gstElementFactoryFind(String name);

    int gstPluginFeatureGetRank(Pointer feature);

    @Nullable Pointer gstParseLaunch(String description, PointerByReference error);

    @Nullable Pointer gstParseBinFromDescription(
        String description, int ghostPads, PointerByReference error);

    @Nullable Pointer gstBinGetByName(Pointer bin, String name);

    int gstBinAdd(Pointer bin, Pointer element);

    @CanIgnoreReturnValue
    int gstBinRemove(Pointer bin, Pointer element);

    @CanIgnoreReturnValue
    int gstElementSetState(Pointer element, int state);

    @CanIgnoreReturnValue
    int gstElementGetState(
        Pointer element, IntByReference state, @Nullable Pointer pending, long timeoutNanos);

    int gstElementSyncStateWithParent(Pointer element);

    int gstElementLink(Pointer from, Pointer to);

    int gstElementSendEvent(Pointer element, Pointer event);

    long gstElementGetCurrentRunningTime(Pointer element);

    Pointer gstEventNewGap(long timestampNanos, long durationNanos);

    @Nullable Pointer gstElementGetStaticPad(Pointer element, String name);

    @Nullable Pointer gstPadGetPeer(Pointer pad);

    @CanIgnoreReturnValue
    int gstPadUnlink(Pointer from, Pointer to);

    void gstElementReleaseRequestPad(Pointer element, Pointer pad);

    @Nullable Pointer gstElementGetBus(Pointer element);

    @Nullable Pointer gstBusTimedPopFiltered(Pointer bus, long timeoutNanos, int types);

    void gstMessageParseError(
        Pointer message, PointerByReference error, @Nullable PointerByReference debug);

    void gstUtilSetObjectArg(Pointer object, String property, String value);

    Pointer gstBufferNewAllocate(
        @Nullable Pointer allocator, NativeSize size, @Nullable Pointer parameters);

    NativeSize gstBufferGetSize(Pointer buffer);

    NativeSize gstBufferFill(Pointer buffer, NativeSize offset, byte[] source, NativeSize size);

    NativeSize gstBufferExtract(Pointer buffer, NativeSize offset, byte[] target, NativeSize size);

    Pointer gstSampleGetBuffer(Pointer sample);

    @Nullable Pointer gstSampleGetCaps(Pointer sample);

    Pointer gstCapsGetStructure(Pointer caps, int index);

    int gstStructureGetInt(Pointer structure, String field, IntByReference value);

    @Nullable Pointer gstCapsFromString(String description);

    void gstMiniObjectUnref(Pointer object);

    void gstObjectUnref(Pointer object);

    @CanIgnoreReturnValue
    Pointer gstObjectRefSink(Pointer object);

    void gErrorFree(Pointer error);
  }

  /** Of libgstapp. */
  interface App extends Library {
    @Nullable Pointer gstAppSinkTryPullSample(Pointer sink, long timeoutNanos);

    int gstAppSrcPushBuffer(Pointer source, Pointer buffer);

    int gstAppSrcEndOfStream(Pointer source);

    void gstAppSrcSetCaps(Pointer source, Pointer caps);

    long gstAppSrcGetCurrentLevelBytes(Pointer source);
  }

  /** Of libgstvideo. */
  interface Video extends Library {
    Pointer gstVideoEventNewUpstreamForceKeyUnit(long runningTimeNanos, int withHeaders, int count);
  }

  /** Of libgstpbutils, and of GLib. */
  interface Discoverer extends Library {
    @Nullable Pointer gstDiscovererNew(long timeoutNanos, PointerByReference error);

    @Nullable Pointer gstDiscovererDiscoverUri(
        Pointer discoverer, String uri, PointerByReference error);

    int gstDiscovererInfoGetResult(Pointer info);

    @Nullable Pointer gstDiscovererInfoGetAudioStreams(Pointer info);

    @Nullable Pointer gstDiscovererInfoGetVideoStreams(Pointer info);

    void gstDiscovererStreamInfoListFree(Pointer list);

    void gObjectUnref(Pointer object);

    void gErrorFree(Pointer error);
  }

  static <T extends Library> T load(String library, Class<T> type) {
    return Native.load(library, type, NAMES);
  }
}
