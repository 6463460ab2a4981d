# SPDX-License-Identifier: Apache-2.0
"""Makes ../resources/org/perc4j/e2e/activity/opus-padding.txt: what libopus 1.3.1's opus_packet_pad makes of packets.

One line for each: packet before, length wanted, packet after; octets in hexadecimal.
"""
import ctypes
import os

opus = ctypes.CDLL("libopus.so.0")
opus.opus_get_version_string.restype = ctypes.c_char_p

TOC = 0x48  # SILK, wideband, 20 ms, mono


def frame(length, first):
    return bytes((first + 7 * i) & 0xFF for i in range(length))


PACKETS = {
    "nothing but a table of contents": bytes([TOC]),
    "one frame": bytes([TOC]) + frame(9, 1),
    "two equal frames": bytes([TOC | 1]) + frame(6, 2) + frame(6, 3),
    "two frames": bytes([TOC | 2, 4]) + frame(4, 4) + frame(7, 5),
    "two frames, the first one long": bytes([TOC | 2, 252, 1]) + frame(256, 6) + frame(7, 7),
    "three equal frames": bytes([TOC | 3, 0x03]) + frame(5, 8) + frame(5, 9) + frame(5, 10),
    "three frames": bytes([TOC | 3, 0x83, 3, 5]) + frame(3, 11) + frame(5, 12) + frame(4, 13),
    "padded": bytes([TOC | 3, 0x43, 2]) + frame(5, 14) + frame(5, 15) + frame(5, 16) + bytes(2),
    "padded, with a long length": bytes([TOC | 3, 0x41, 255, 1]) + frame(5, 17) + bytes(255),
}

here = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(here, "../resources/org/perc4j/e2e/activity/opus-padding.txt")
with open(path, "w", encoding="ascii") as out:
    out.write("# made by opus_padding.py with " + opus.opus_get_version_string().decode() + "\n")
    for name, packet in PACKETS.items():
        out.write("# " + name + "\n")
        for growth in (1, 2, 3, 40, 255, 256, 257, 511):
            length = len(packet) + growth
            buffer = (ctypes.c_ubyte * length)(*packet)
            status = opus.opus_packet_pad(buffer, len(packet), length)
            if status != 0:
                raise SystemExit(f"{name}, {length}: {status}")
            out.write(f"{packet.hex()} {length} {bytes(buffer).hex()}\n")
