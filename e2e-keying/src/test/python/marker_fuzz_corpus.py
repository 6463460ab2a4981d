# SPDX-License-Identifier: Apache-2.0
"""Writes the corpus of MarkerFuzzTest from the captures.

    python3 marker_fuzz_corpus.py FOLDER_OF_CAPTURES
"""

import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
LAST, SAME_TIME = 1, 2


def write(method, capture, begin, end):
    out = b""
    before = None
    for line in (FOLDER / f"{capture}.packets").read_text().splitlines()[begin:end]:
        timestamp, last, _, payload, *_ = line.split(" ")
        octets = bytes.fromhex(payload)
        out += bytes([int(last) * LAST | (timestamp == before) * SAME_TIME, len(octets)]) + octets
        before = timestamp
    folder = FOLDER / "MarkerFuzzTestInputs" / method
    folder.mkdir(parents=True, exist_ok=True)
    (folder / capture).write_bytes(out)


write("vp8", "vp8", 0, 8)
write("vp8", "vp8-l1t3", 0, 14)
write("h264", "h264-x264", 0, 16)
write("h264", "h264-x264-discardable", 6, 20)
write("h264", "h264-l1t3", 0, 12)
write("vp9", "vp9-l3t3", 0, 24)
write("vp9", "vp9-l3t3-flexible", 0, 24)
write("av1", "av1-l3t3", 0, 24)
