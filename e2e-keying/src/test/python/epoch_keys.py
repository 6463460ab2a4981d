# SPDX-License-Identifier: Apache-2.0
"""Prints the known answers of EpochSecretTest, from RFC 9420 with Python's cryptography only.

    python3 epoch_keys.py
"""

import hashlib
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def varint_vector(octets):
    assert len(octets) < 64
    return bytes([len(octets)]) + octets


def expand_with_label(secret, label, context, length):
    info = struct.pack(">H", length)
    info += varint_vector(b"MLS 1.0 " + label) + varint_vector(context)
    return HKDFExpand(hashes.SHA256(), length, info).derive(secret)


exporter_secret = bytes(range(32))
derived = expand_with_label(exporter_secret, b"perc4j double-srtp 1", b"", 32)
print("epoch secret", derived.hex())
for leaf in (0, 1, 258, 0xFFFFFFFF):
    context = hashlib.sha256(struct.pack(">I", leaf)).digest()
    for key_length in (16, 32):
        output = expand_with_label(derived, b"exported", context, key_length + 12)
        print(leaf, output[:key_length].hex(), output[key_length:].hex())
