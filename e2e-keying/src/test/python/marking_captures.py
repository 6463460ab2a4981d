# SPDX-License-Identifier: Apache-2.0
"""Makes the captures of MarkerCaptureTest with GStreamer 1.22 (Debian 12): real encoders, real packetizers.

    python3 marking_captures.py OUTPUT_FOLDER

One line for each RTP packet: RTP timestamp, marker bit, number of the picture, payload in hex. Payloads are cut to their
first 40 octets, which is all that a marker reads; aggregates are whole. What the encoder was told stands in the test.
"""

import ctypes
import pathlib
import sys
import tempfile

GST = ctypes.CDLL("libgstreamer-1.0.so.0")
GOBJECT = ctypes.CDLL("libgobject-2.0.so.0")
POINTER = ctypes.c_void_p
INT, BOOLEAN = 6 << 2, 5 << 2
NULL, PLAYING = 1, 4
END_OR_ERROR = 1 | 2
KEPT_OCTETS = 40

for function in (GST.gst_parse_launch, GST.gst_bin_get_by_name, GST.gst_element_get_bus, GST.gst_bus_timed_pop_filtered):
    function.restype = POINTER
GST.gst_bus_timed_pop_filtered.argtypes = [POINTER, ctypes.c_uint64, ctypes.c_int]
GOBJECT.g_value_array_new.restype = POINTER
GOBJECT.g_value_array_get_type.restype = ctypes.c_size_t


class GValue(ctypes.Structure):
    _fields_ = [("type", ctypes.c_size_t), ("data", ctypes.c_uint64 * 2)]


def set_array(element, name, values, kind):
    """gst-launch-1.0 cannot set properties of this type."""
    array = GOBJECT.g_value_array_new(len(values))
    for number in values:
        value = GValue()
        GOBJECT.g_value_init(ctypes.byref(value), ctypes.c_size_t(kind))
        (GOBJECT.g_value_set_int if kind == INT else GOBJECT.g_value_set_boolean)(ctypes.byref(value), number)
        GOBJECT.g_value_array_append(POINTER(array), ctypes.byref(value))
    value = GValue()
    GOBJECT.g_value_init(ctypes.byref(value), ctypes.c_size_t(GOBJECT.g_value_array_get_type()))
    GOBJECT.g_value_set_boxed(ctypes.byref(value), POINTER(array))
    GOBJECT.g_object_set_property(POINTER(element), name.encode(), ctypes.byref(value))


def run(pictures, encoder, payloader, out, arrays=()):
    description = (
        f"videotestsrc num-buffers={pictures} pattern=ball ! video/x-raw,width=160,height=120,framerate=30/1 ! {encoder} ! "
        f"{payloader} seqnum-offset=0 timestamp-offset=0 ssrc=1 ! rtpstreampay ! filesink location={out}"
    )
    pipeline = GST.gst_parse_launch(description.encode(), None)
    element = GST.gst_bin_get_by_name(POINTER(pipeline), b"encoder")
    for name, values, kind in arrays:
        set_array(element, name, values, kind)
    GST.gst_element_set_state(POINTER(pipeline), PLAYING)
    bus = GST.gst_element_get_bus(POINTER(pipeline))
    if not GST.gst_bus_timed_pop_filtered(bus, 60 * 10**9, END_OR_ERROR):
        raise TimeoutError(description)
    GST.gst_element_set_state(POINTER(pipeline), NULL)


def packets(path):
    octets = path.read_bytes()
    at = 0
    while at < len(octets):
        length = int.from_bytes(octets[at : at + 2], "big")
        yield octets[at + 2 : at + 2 + length]
        at += 2 + length


def capture(name, pictures, encoder, payloader, arrays=()):
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work) / "rtp"
        run(pictures, encoder, payloader, path, arrays)
        lines = []
        timestamps = []
        for packet in packets(path):
            timestamp = int.from_bytes(packet[4:8], "big")
            if timestamp not in timestamps:
                timestamps.append(timestamp)
            payload = packet[12:]
            aggregate = name.startswith("h264") and payload[0] & 0x1F == 24
            kept = payload if aggregate else payload[:KEPT_OCTETS]
            lines.append(f"{timestamp} {packet[1] >> 7} {timestamps.index(timestamp)} {kept.hex()}\n")
        assert len(timestamps) == pictures
        (pathlib.Path(sys.argv[1]) / f"{name}.packets").write_text("".join(lines))


GST.gst_init(None, None)
capture("vp8", 6, "vp8enc deadline=1 keyframe-max-dist=4", "rtpvp8pay mtu=300")
capture(
    "vp8-l1t3",
    20,
    "vp8enc name=encoder deadline=1 keyframe-max-dist=12 error-resilient=default end-usage=cbr target-bitrate=60000 "
    "temporal-scalability-number-layers=3 temporal-scalability-periodicity=4",
    "rtpvp8pay mtu=150 picture-id-mode=15-bit picture-id-offset=300",
    (
        ("temporal-scalability-layer-id", (0, 2, 1, 2), INT),
        ("temporal-scalability-rate-decimator", (4, 2, 1), INT),
        ("temporal-scalability-target-bitrate", (30000, 45000, 60000), INT),
        ("temporal-scalability-layer-sync-flags", (0, 1, 1, 0), BOOLEAN),
    ),
)
capture("h264-x264", 9, "x264enc tune=zerolatency key-int-max=6 bitrate=60", "rtph264pay mtu=400 config-interval=-1")
capture(
    "h264-x264-discardable",
    13,
    "x264enc bframes=1 b-adapt=false b-pyramid=false ref=1 key-int-max=12 bitrate=60 speed-preset=veryfast "
    "sliced-threads=true threads=2 ! video/x-h264,profile=main",
    "rtph264pay mtu=250 config-interval=-1 aggregate-mode=zero-latency",
)
capture(
    "h264-openh264",
    9,
    "openh264enc gop-size=6",
    "rtph264pay mtu=250 config-interval=-1 aggregate-mode=zero-latency",
)
capture(
    "vp9",
    8,
    "vp9enc deadline=1 keyframe-max-dist=5 error-resilient=default target-bitrate=60000",
    "rtpvp9pay mtu=200 picture-id-mode=15-bit",
)
