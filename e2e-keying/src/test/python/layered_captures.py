# SPDX-License-Identifier: Apache-2.0
"""Puts layered clips of libvpx and libaom into RTP payloads, for SvcMarkerTest.

    python3 layered_captures.py FOLDER_OF_LAYERED_CLIPS OUTPUT_FOLDER

The clips are those of integration-tests; which layer frames are predicted from which stands beside them, as the encoders
were told. VP9 is packed as RFC 9628 has it, with and without flexible mode, AV1 as the Alliance's payload format. Each
payload is cut where a marker does not read any more. One line for each: RTP timestamp, whether it is the last of its
layer frame, number of the picture, payload, spatial layer, temporal layer, and the layer frames that it is predicted
from, counted from 0.
"""

import pathlib
import sys

CLIPS, OUT = (pathlib.Path(argument) for argument in sys.argv[1:])
PICTURES = 26
CYCLE = 8
PIECE_OCTETS = 800
KEPT_OCTETS = 20
SIZES = ((320, 180), (640, 360), (1280, 720))
SEQUENCE_HEADER = 1


class Frame:
    def __init__(self, line, octets):
        picture, spatial, temporal, references = line.split(" ")
        self.picture, self.spatial, self.temporal = int(picture), int(spatial), int(temporal)
        self.references = [] if references == "-" else sorted({int(number) for number in references.split(",")})
        self.octets = octets


def read(name):
    octets = (CLIPS / f"{name}.ivf").read_bytes()
    lines = (CLIPS / f"{name}.layers").read_text().splitlines()
    frames, at = [], 32
    for line in lines:
        length = int.from_bytes(octets[at : at + 4], "little")
        frames.append(Frame(line, octets[at + 12 : at + 12 + length]))
        at += 12 + length
    return frames


def earlier(frames, frame):
    pictures = {frames[number].picture for number in frame.references} - {frame.picture}
    return sorted(frame.picture - picture for picture in pictures)


def is_switching_point(frames, point):
    """Whether no later frame of a higher temporal layer is predicted from one of these before it."""
    return not any(
        frames[number].picture < point.picture and frames[number].temporal > point.temporal
        for later in frames
        if later.picture > point.picture and later.temporal > point.temporal
        for number in later.references
    )


def structure(frames, flexible):
    octets = bytes([2 << 5 | 0x10 | (0 if flexible else 0x08)])
    octets += b"".join(size.to_bytes(2, "big") for sizes in SIZES for size in sizes)
    if not flexible:
        octets += bytes([CYCLE])
        for picture in range(CYCLE, 2 * CYCLE):
            base = next(frame for frame in frames if frame.picture == picture)
            differences = earlier(frames, base)
            octets += bytes([base.temporal << 5 | is_switching_point(frames, base) << 4 | len(differences) << 2])
            octets += bytes(differences)
    return octets


def vp9(frames, frame, flexible):
    number = frames.index(frame)
    above = any(number in other.references for other in frames if other.picture == frame.picture)
    below = any(frames[reference].picture == frame.picture for reference in frame.references)
    differences = earlier(frames, frame)
    picture_id = 0x8000 | frame.picture + 32750  # runs over
    common = (0x8000 | picture_id & 0x7FFF).to_bytes(2, "big")
    common += bytes(
        [frame.temporal << 5 | is_switching_point(frames, frame) << 4 | frame.spatial << 1 | below]
    )
    if flexible:
        common += bytes(d << 1 | (i < len(differences) - 1) for i, d in enumerate(differences))
    else:
        common += bytes([frame.picture // 4])
    for at in range(0, len(frame.octets), PIECE_OCTETS):
        first, last = at == 0, at + PIECE_OCTETS >= len(frame.octets)
        told = first and not frame.references
        head = 0xA0 | (0x40 if differences else 0) | flexible << 4 | first << 3 | last << 2 | told << 1 | (not above)
        kept = frame.octets[at : min(at + KEPT_OCTETS, at + PIECE_OCTETS)] if first else frame.octets[at : at + 1]
        yield last, bytes([head]) + common + (structure(frames, flexible) if told else b"") + kept


def obus(octets):
    at = 0
    while at < len(octets):
        header = octets[at : at + (2 if octets[at] & 4 else 1)]
        at += len(header)
        size = shift = 0
        while True:
            octet = octets[at]
            at += 1
            size |= (octet & 0x7F) << shift
            shift += 7
            if not octet & 0x80:
                break
        yield bytes([header[0] & ~2]) + header[1:] + octets[at : at + size]
        at += size


def av1(frame):
    *before, last_obu = obus(frame.octets)
    assert all(len(obu) < 128 for obu in before) and len(before) < 3
    pieces = [last_obu[at : at + PIECE_OCTETS] for at in range(0, len(last_obu), PIECE_OCTETS)]
    for i, piece in enumerate(pieces):
        first, last = i == 0, i == len(pieces) - 1
        elements = before if first else []
        begins = any(obu[0] >> 3 & 15 == SEQUENCE_HEADER for obu in elements)
        head = (not first) << 7 | (not last) << 6 | len(elements) + 1 << 4 | begins << 3
        octets = bytes([head]) + b"".join(bytes([len(obu)]) + obu for obu in elements)
        yield last, octets + (piece[:KEPT_OCTETS] if first else piece[:1])


def write(name, clip, packetize):
    frames = read(clip)
    lines = []
    for frame in frames:
        if frame.picture < PICTURES:
            references = ",".join(str(number) for number in frame.references) or "-"
            for last, payload in packetize(frames, frame):
                lines.append(
                    f"{frame.picture * 3000} {int(last)} {frame.picture} {payload.hex()} "
                    f"{frame.spatial} {frame.temporal} {references}\n"
                )
    (OUT / f"{name}.packets").write_text("".join(lines))


write("vp9-l3t3-flexible", "vp9-l3t3", lambda frames, frame: vp9(frames, frame, True))
write("vp9-l3t3", "vp9-l3t3", lambda frames, frame: vp9(frames, frame, False))
write("av1-l3t3", "av1-l3t3", lambda frames, frame: av1(frame))
