# SPDX-License-Identifier: Apache-2.0
"""Makes the known answers of FrameHeaderTest: beginnings of frames by several encoders, and what FFmpeg 5.1 (Debian 12)
reads in them.

    python3 frame_headers.py FOLDER_OF_LAYERED_CLIPS OUTPUT_FOLDER

The clips are those of integration-tests. One line for each header, with its octets in hex, cut where nothing is read any
more. Of a sequence header, "S" and its octets. Of a frame: "F", its octets, "key" if it is a shown key frame or "-",
the slots that it replaces as a mask, the slots that it refers to, width and height. What FFmpeg does not print, as the
header does not say it but refers to a slot, is looked up here.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

CLIPS, OUT = (pathlib.Path(argument) for argument in sys.argv[1:])
KEPT_OCTETS = 20
FIELD = re.compile(r"\] \d+ +(\S+) +[01]* = (-?\d+)$")
SEQUENCE_HEADER, FRAME_HEADER, FRAME = 1, 3, 6


def frames_of(ivf):
    octets = ivf.read_bytes()
    at = 32
    while at < len(octets):
        length = int.from_bytes(octets[at : at + 4], "little")
        yield octets[at + 12 : at + 12 + length]
        at += 12 + length


def obus(octets):
    at = 0
    while at < len(octets):
        header = octets[at]
        begin = at + (2 if header & 4 else 1)
        assert header & 2
        size = shift = 0
        while True:
            octet = octets[begin]
            begin += 1
            size |= (octet & 0x7F) << shift
            shift += 7
            if not octet & 0x80:
                break
        yield header >> 3 & 15, octets[begin : begin + size]
        at = begin + size


def vp9_frames(octets):
    last = octets[-1]
    count, size_octets = (last & 7) + 1, (last >> 3 & 3) + 1
    index = 2 + count * size_octets
    if last & 0xE0 != 0xC0 or len(octets) < index or octets[-index] != last:
        return [octets]
    frames, at = [], 0
    for i in range(count):
        begin = len(octets) - index + 1 + i * size_octets
        size = int.from_bytes(octets[begin : begin + size_octets], "little")
        frames.append(octets[at : at + size])
        at += size
    return frames


def traced(ivf, codec):
    filters = "vp9_superframe_split,trace_headers" if codec == "vp9" else "trace_headers"
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", ivf, "-c", "copy", "-bsf:v", filters, "-f", "null", "-"]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    sequence, frame = {}, None
    for line in log.splitlines():
        if match := FIELD.search(line):
            name, value = match[1], int(match[2])
            if name == "show_existing_frame" or (name == "frame_type" and codec == "av1" and frame is None):
                if frame is not None:
                    yield frame
                frame = {"sequence": sequence}
            if name in ("max_frame_width_minus_1", "max_frame_height_minus_1"):
                sequence = {**sequence, name: value}
                if frame is not None:
                    yield frame
                    frame = None
            elif frame is not None:
                frame.setdefault(name, value)
    yield frame


def answers(ivf, codec):
    slots = [(0, 0, False)] * 8
    for fields in traced(ivf, codec):
        existing = fields.get("show_existing_frame") == 1
        key_type = not existing and fields["frame_type"] == 0
        key = key_type and fields["show_frame"] == 1
        if existing:
            slot = fields["frame_to_show_map_idx"]
            references, content = [slot], slots[slot]
            replaced = 255 if codec == "av1" and content[2] else 0
        else:
            replaced = 255 if key else fields["refresh_frame_flags"]
            references = [fields[f"ref_frame_idx[{i}]"] for i in range(8) if f"ref_frame_idx[{i}]" in fields]
            found = [i for i in range(8) if fields.get(f"found_ref[{i}]") == 1]
            if found:
                size = slots[references[found[0]]][:2]
            elif "frame_width_minus_1" in fields:
                size = (fields["frame_width_minus_1"] + 1, fields["frame_height_minus_1"] + 1)
            else:
                sequence = fields["sequence"]
                size = (sequence["max_frame_width_minus_1"] + 1, sequence["max_frame_height_minus_1"] + 1)
            content = (*size, key_type)
        for slot in range(8):
            if replaced >> slot & 1:
                slots[slot] = content
        names = ",".join(str(slot) for slot in references) or "-"
        yield f"{'key' if key else '-'} {replaced} {names} {content[0]} {content[1]}"


def write(name, ivf, codec, count):
    lines, known = [], answers(ivf, codec)
    frames = 0
    for packet in frames_of(ivf):
        units = list(obus(packet)) if codec == "av1" else [(FRAME, frame) for frame in vp9_frames(packet)]
        for kind, octets in units:
            if kind == SEQUENCE_HEADER:
                if f"S {octets.hex()}" not in lines:
                    lines.append(f"S {octets.hex()}")
            elif kind in (FRAME_HEADER, FRAME):
                frames += 1
                if frames <= count:
                    lines.append(f"F {octets[:KEPT_OCTETS].hex()} {next(known)}")
    (OUT / f"{name}.headers").write_text("\n".join(lines) + "\n")


def encode(name, encoder, codec, size="160x90", count=28):
    with tempfile.TemporaryDirectory() as work:
        ivf = pathlib.Path(work) / "clip.ivf"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=30"]
        command += ["-frames:v", "30", "-pix_fmt", "yuv420p", "-c:v", *encoder.split(), "-g", "25", "-f", "ivf", ivf]
        subprocess.run(command, check=True, capture_output=True)
        write(name, ivf, codec, count)


encode("av1-libaom", "libaom-av1 -usage realtime -cpu-used 8 -lag-in-frames 0", "av1")
encode("av1-svt", "libsvtav1 -preset 8", "av1", count=40)
encode("av1-rav1e", "librav1e -speed 8", "av1", count=40)
encode("vp9-libvpx", "libvpx-vp9 -cpu-used 5 -lag-in-frames 16 -auto-alt-ref 1 -arnr-maxframes 3 -b:v 50k", "vp9")
encode("vp9-profile1", "libvpx-vp9 -cpu-used 5 -deadline realtime -pix_fmt yuv444p", "vp9", count=4)
write("av1-l3t3", CLIPS / "av1-l3t3.ivf", "av1", 30)
write("vp9-l3t3", CLIPS / "vp9-l3t3.ivf", "vp9", 30)
