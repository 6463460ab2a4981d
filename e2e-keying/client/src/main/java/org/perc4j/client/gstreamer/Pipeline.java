/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.MediaException.Reason;

/**
 * A pipeline of GStreamer, described as for {@code gst-launch-1.0}. What comes out of its {@code
 * appsink} elements is handed out on one thread for each. Thread-safe.
 *
 * <p>Names and files from elsewhere never go into a description: {@link #set} takes them.
 */
public final class Pipeline implements Closeable {
  private static final long PULL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long JOIN_MILLIS = 2_000;

  private final GStreamer gstreamer;
  private final NativeGStreamer.Core core;
  private final Pointer pipeline;
  private final Pointer bus;

  /** Elements that were asked for, by name: this has a reference to each until it is closed. */
  private final Map<String, Pointer> elements = new HashMap<>();

  private final List<Puller> pullers = new ArrayList<>();

  /** Guards against the end while something is in use. */
  private final Object lock = new Object();

  private volatile boolean closed;

  private Pipeline(GStreamer gstreamer, Pointer pipeline, Pointer bus) {
    this.gstreamer = gstreamer;
    this.core = gstreamer.core();
    this.pipeline = pipeline;
    this.bus = bus;
  }

  /**
   * Makes a pipeline; it does nothing yet.
   *
   * @param description of more than one element
   * @throws MediaException if an element is missing, or they cannot be linked
   */
  public static Pipeline launch(GStreamer gstreamer, String description) throws MediaException {
    NativeGStreamer.Core core = gstreamer.core();
    PointerByReference error = new PointerByReference();
    Pointer made = core.gstParseLaunch(description, error);
    Pointer bus = made == null ? null : core.gstElementGetBus(made);
    if (made == null || bus == null || error.getValue() != null) {
      if (made != null) {
        core.gstObjectUnref(made);
      }
      throw new MediaException(
          Reason.PART_MISSING, "GStreamer: " + GStreamer.message(core, error.getValue()));
    }
    return new Pipeline(gstreamer, core.gstObjectRefSink(made), bus);
  }

  GStreamer gstreamer() {
    return gstreamer;
  }

  /** Does something while this is open, and nothing otherwise. */
  void whileOpen(Runnable action) {
    synchronized (lock) {
      if (!closed) {
        action.run();
      }
    }
  }

  private Pointer element(String name) {
    Pointer known = elements.get(name);
    if (known != null) {
      return known;
    }
    Pointer element = core.gstBinGetByName(pipeline, name);
    if (element == null) {
      throw new IllegalArgumentException("no element " + name);
    }
    elements.put(name, element);
    return element;
  }

  /** Sets a property of an element, by its name; nothing if this is closed. */
  public void set(String element, String property, String value) {
    whileOpen(() -> core.gstUtilSetObjectArg(element(element), property, value));
  }

  /** Returns a way in, by the name of an {@code appsrc}. Before {@link #close}. */
  public Feed feed(String name) {
    synchronized (lock) {
      return new Feed(this, element(name));
    }
  }

  /**
   * Hands out what comes to an {@code appsink}, on a thread of its own, until this is closed. It
   * should not wait for long, and must not throw.
   *
   * @param name of the element
   */
  public void pull(String name, Consumer<Frame> taker) {
    Puller unused = puller(name, taker);
  }

  private Puller puller(String name, Consumer<Frame> taker) {
    synchronized (lock) {
      Puller puller = new Puller(name, element(name), taker);
      pullers.add(puller);
      puller.start();
      return puller;
    }
  }

  /** Takes what comes to a sink. */
  private final class Puller extends Thread {
    private final Pointer sink;
    private final Consumer<Frame> taker;
    private volatile boolean stopped;

    Puller(String name, Pointer sink, Consumer<Frame> taker) {
      super("pull " + name);
      setDaemon(true);
      this.sink = sink;
      this.taker = taker;
    }

    @Override
    public void run() {
      while (!closed && !stopped) {
        long before = System.nanoTime();
        Pointer sample = gstreamer.app().gstAppSinkTryPullSample(sink, PULL_NANOS);
        if (sample != null) {
          Frame frame = frame(sample);
          core.gstMiniObjectUnref(sample);
          taker.accept(frame);
        } else if (System.nanoTime() - before < PULL_NANOS / 2 && !pause()) {
          return;
        }
      }
    }

    /** A sink that is not started, or has ended, answers at once. */
    private static boolean pause() {
      try {
        TimeUnit.NANOSECONDS.sleep(PULL_NANOS / 10);
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    /** Ends it; it may still run for a moment. */
    void end() {
      stopped = true;
    }

    /** Waits for its end, and returns whether it came. */
    boolean joined() {
      if (this == Thread.currentThread()) {
        return false;
      }
      try {
        join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return !isAlive();
    }
  }

  private Frame frame(Pointer sample) {
    Pointer buffer = core.gstSampleGetBuffer(sample);
    byte[] octets = new byte[core.gstBufferGetSize(buffer).intValue()];
    if (octets.length > 0) {
      NativeSize unused =
          core.gstBufferExtract(buffer, new NativeSize(0), octets, new NativeSize(octets.length));
    }
    IntByReference width = new IntByReference();
    IntByReference height = new IntByReference();
    Pointer caps = core.gstSampleGetCaps(sample);
    if (caps != null) {
      Pointer structure = core.gstCapsGetStructure(caps, 0);
      int known =
          core.gstStructureGetInt(structure, "width", width)
              + core.gstStructureGetInt(structure, "height", height);
      if (known < 2) {
        width.setValue(0);
        height.setValue(0);
      }
    }
    return new Frame(octets, NativeBuffer.pts(buffer), width.getValue(), height.getValue());
  }

  /**
   * Starts it.
   *
   * @throws MediaException if it does not start, with what its elements say
   */
  public void start() throws MediaException {
    change(NativeGStreamer.STATE_PLAYING);
  }

  /**
   * Opens its devices and files, and no more.
   *
   * @throws MediaException if that is not possible, with what its elements say
   */
  public void open() throws MediaException {
    change(NativeGStreamer.STATE_READY);
  }

  private void change(int state) throws MediaException {
    boolean failed;
    synchronized (lock) {
      failed =
          closed
              || core.gstElementSetState(pipeline, state) == NativeGStreamer.STATE_CHANGE_FAILURE;
    }
    if (failed) {
      String why = error();
      throw new MediaException(Reason.FAILED, why == null ? "a device does not start" : why);
    }
  }

  /** Returns the oldest error that was not returned yet, or null. */
  public @Nullable String error() {
    synchronized (lock) {
      Pointer message =
          closed ? null : core.gstBusTimedPopFiltered(bus, 0, NativeGStreamer.MESSAGE_ERROR);
      if (message == null) {
        return null;
      }
      PointerByReference error = new PointerByReference();
      core.gstMessageParseError(message, error, null);
      core.gstMiniObjectUnref(message);
      return GStreamer.message(core, error.getValue());
    }
  }

  /**
   * Waits until all has been played or written.
   *
   * @return whether that was so in time, without an error
   */
  public boolean awaitEnd(Duration timeout) {
    Pointer message =
        core.gstBusTimedPopFiltered(
            bus, timeout.toNanos(), NativeGStreamer.MESSAGE_EOS | NativeGStreamer.MESSAGE_ERROR);
    if (message == null) {
      return false;
    }
    boolean ended = NativeBuffer.messageType(message) == NativeGStreamer.MESSAGE_EOS;
    core.gstMiniObjectUnref(message);
    return ended;
  }

  /** Whether everything has been played. */
  public boolean hasEnded() {
    synchronized (lock) {
      Pointer message =
          closed ? null : core.gstBusTimedPopFiltered(bus, 0, NativeGStreamer.MESSAGE_EOS);
      if (message != null) {
        core.gstMiniObjectUnref(message);
      }
      return message != null;
    }
  }

  /** Has an encoder begin anew, with its next picture. */
  public void forceKey(String encoder) {
    whileOpen(
        () -> {
          Pointer event =
              Keys.VIDEO.gstVideoEventNewUpstreamForceKeyUnit(NativeGStreamer.NO_TIME, 1, 0);
          int unused = core.gstElementSendEvent(element(encoder), event);
        });
  }

  /** Loaded when needed. */
  private static final class Keys {
    static final NativeGStreamer.Video VIDEO =
        NativeGStreamer.load("gstvideo-1.0", NativeGStreamer.Video.class);
  }

  // ---------------------------------------------------------------- branches

  /** Something that was added to a pipeline that runs. */
  public final class Branch implements Closeable {
    private final Pointer bin;
    private final Pointer target;
    private final List<Puller> own = new ArrayList<>();
    private boolean removed;

    private Branch(Pointer bin, Pointer target) {
      this.bin = bin;
      this.target = target;
    }

    /** Hands out what comes to an {@code appsink} of it, as {@link Pipeline#pull} does. */
    public void pull(String name, Consumer<Frame> taker) {
      synchronized (lock) {
        own.add(puller(name, taker));
      }
    }

    /** Takes it out of the pipeline. */
    @Override
    public void close() {
      synchronized (lock) {
        if (closed || removed) {
          return;
        }
        removed = true;
        own.forEach(Puller::end);
        core.gstElementSetState(bin, NativeGStreamer.STATE_NULL);
        Pointer pad = core.gstElementGetStaticPad(bin, "src");
        Pointer peer = pad == null ? null : core.gstPadGetPeer(pad);
        if (pad != null && peer != null) {
          core.gstPadUnlink(pad, peer);
          core.gstElementReleaseRequestPad(target, peer);
          core.gstObjectUnref(peer);
        }
        if (pad != null) {
          core.gstObjectUnref(pad);
        }
        core.gstBinRemove(pipeline, bin);
      }
    }
  }

  /**
   * Adds something that ends in an element that is there, and starts it.
   *
   * @param description whose last element is linked
   * @param to name of the element, which has a pad for each that asks
   */
  public Branch add(String description, String to) throws MediaException {
    synchronized (lock) {
      PointerByReference error = new PointerByReference();
      Pointer bin = closed ? null : core.gstParseBinFromDescription(description, 1, error);
      if (bin == null || error.getValue() != null) {
        throw new MediaException(
            Reason.PART_MISSING, "GStreamer: " + GStreamer.message(core, error.getValue()));
      }
      Pointer target = element(to);
      if (core.gstBinAdd(pipeline, bin) == 0
          || core.gstElementLink(bin, target) == 0
          || core.gstElementSyncStateWithParent(bin) == 0) {
        throw new MediaException(Reason.FAILED, "GStreamer: a branch cannot be added");
      }
      return new Branch(bin, target);
    }
  }

  // ---------------------------------------------------------------- end

  /** Stops it, and waits for its threads; may be called on one of them. */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    core.gstElementSetState(pipeline, NativeGStreamer.STATE_NULL);
    boolean idle = true;
    for (Puller puller : pullers) {
      idle &= puller.joined();
    }
    if (idle) {
      synchronized (lock) {
        elements.values().forEach(core::gstObjectUnref);
        core.gstObjectUnref(bus);
        core.gstObjectUnref(pipeline);
      }
    }
    // What a thread may still use is better lost than freed.
  }
}
