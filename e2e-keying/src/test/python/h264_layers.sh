#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the capture h264-l1t3 of MarkerCaptureTest: OpenH264 2.3 with temporal layers 0 2 1 2 and prefix NAL units, by the
# program that makes the layered clips of integration-tests, packetized by GStreamer 1.22 (Debian 12). A byte stream has no
# times, so they are counted here.
#
#     h264_layers.sh OUTPUT_FOLDER
set -eu

here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../../../../integration-tests/src/fixtures
out=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

sed 's/bPrefixNalAddingCtrl = false/bPrefixNalAddingCtrl = true/' "$fixtures/h264-l1t3.c" > "$work/h264.c"
gcc -std=c11 -O2 -I"$fixtures" -o "$work/h264" "$work/h264.c" -lopenh264
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=30 -frames:v 18 -pix_fmt yuv420p -f rawvideo - |
  "$work/h264" "$work/clip" 160 90 80 2> /dev/null
ffmpeg -nostdin -v error -f ivf -i "$work/clip.ivf" -c copy -f h264 "$work/clip.264"
gst-launch-1.0 -q filesrc location="$work/clip.264" ! h264parse ! \
  video/x-h264,stream-format=byte-stream,alignment=au ! \
  rtph264pay mtu=250 aggregate-mode=zero-latency seqnum-offset=0 timestamp-offset=0 ssrc=1 ! rtpstreampay ! \
  filesink location="$work/clip.rtp"
python3 - "$work/clip.rtp" > "$out/h264-l1t3.packets" <<'PYTHON'
import sys

octets = open(sys.argv[1], "rb").read()
at, picture = 0, 0
while at < len(octets):
    length = int.from_bytes(octets[at : at + 2], "big")
    packet = octets[at + 2 : at + 2 + length]
    at += 2 + length
    payload = packet[12:]
    kept = payload if payload[0] & 0x1F == 24 else payload[:8]
    marker = packet[1] >> 7
    print(3000 * picture, marker, picture, kept.hex())
    picture += marker
PYTHON
