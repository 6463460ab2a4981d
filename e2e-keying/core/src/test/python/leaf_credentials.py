# SPDX-License-Identifier: Apache-2.0
"""Makes ../resources/vectors/leaf-credentials.json and verification-codes.json.

Known answers for LeafCredential, X509Roots and VerificationCode, written from their Javadoc with
Python's cryptography and hashlib (OpenSSL) only. Keys, and ECDSA and PSS signatures, are random:
running it again gives other, equally good, files.

    python3 leaf_credentials.py ../resources/vectors
"""

import datetime
import hashlib
import json
import struct
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

ROOM = "standup@conference.example.org"
LEAF_KEY = bytes(range(100, 132))
DER, SPKI, PKCS8 = (
    serialization.Encoding.DER,
    serialization.PublicFormat.SubjectPublicKeyInfo,
    serialization.PrivateFormat.PKCS8,
)


def vector(octets):
    return struct.pack(">H", len(octets)) + octets


def spki(key):
    return key.public_key().public_bytes(DER, SPKI)


def sign(key, content):
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(content)
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return key.sign(content, pss, hashes.SHA256())
    r, s = utils.decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def credential(key, name, occupant, chain=()):
    kind = 2 if chain else 1
    field = b"".join(vector(c.public_bytes(DER)) for c in chain) if chain else spki(key)
    name, occupant = name.encode(), occupant.encode()
    content = b"perc4j leaf credential 1\0"
    content += vector(ROOM.encode()) + vector(occupant) + vector(name) + vector(LEAF_KEY)
    content += bytes([kind]) + hashlib.sha256(field).digest()
    octets = bytes([1, kind]) + vector(name) + vector(occupant) + vector(field)
    return octets + vector(sign(key, content))


def date(year):
    return datetime.datetime(year, 1, 1)


def xmpp(name):
    utf8 = name.encode()
    oid = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5")
    return x509.OtherName(oid, bytes([0x0C, len(utf8)]) + utf8)


def distinguished(cn):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, cn)])


def usage(signature):
    flags = dict.fromkeys(
        "content_commitment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only".split(), False)
    return x509.KeyUsage(digital_signature=signature, key_encipherment=not signature, **flags)


def certificate(cn, key, issuer_cn, issuer_key, ca=False, sans=(), signature=True, until=2046):
    builder = (
        x509.CertificateBuilder()
        .subject_name(distinguished(cn))
        .issuer_name(distinguished(issuer_cn))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(date(2026))
        .not_valid_after(date(until))
        .add_extension(x509.BasicConstraints(ca, None), True)
    )
    if sans:
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), False)
    if not ca and signature is not None:
        builder = builder.add_extension(usage(signature), True)
    return builder.sign(issuer_key, hashes.SHA256())


def revocations(cn, key, serials):
    builder = x509.CertificateRevocationListBuilder().issuer_name(distinguished(cn))
    builder = builder.last_update(date(2026)).next_update(date(2046))
    for serial in serials:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial)
            .revocation_date(date(2027)).build())
    return builder.sign(key, hashes.SHA256()).public_bytes(DER).hex()


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def make_credentials():
    cases = {}

    def case(label, key, name, occupant, chain=()):
        cases[label] = {
            "name": name,
            "occupant": occupant,
            "privateKey": key.private_bytes(DER, PKCS8, serialization.NoEncryption()).hex(),
            "fingerprint": hashlib.sha256(spki(key)).hexdigest(),
            "chain": [c.public_bytes(DER).hex() for c in chain],
            "credential": credential(key, name, occupant, chain).hex(),
        }

    # RFC 8032 section 7.1, TEST 1
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    alice = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    case("rawEd25519", alice, "alice@example.org", "Alice")
    case("rawP256", p256(), "bob@example.org", "Bob \N{SNOWMAN} \U0001F600")
    case("rawP384", ec.generate_private_key(ec.SECP384R1()), "bob@example.org", "Bob")
    large = rsa.generate_private_key(65537, 2048)
    case("rawRsa", large, "bob@example.org", "Bob")

    root, other, middle = p256(), p256(), p256()
    root_cert = certificate("Root", root, "Root", root, ca=True)
    other_cert = certificate("Root", other, "Root", other, ca=True)
    middle_cert = certificate("Issuer", middle, "Root", root, ca=True)

    def issued(label, key, name, chain=None, issuer=middle, **options):
        options.setdefault("sans", [xmpp(name)])
        leaf = certificate("Holder", key, "Issuer", issuer, **options)
        case(label, key, name, "Holder", [leaf] + ([middle_cert] if chain is None else chain))
        return leaf

    ed = ed25519.Ed25519PrivateKey.generate()
    issued("x509Ed25519", ed, "alice@example.org")
    mail = [x509.DNSName("example.org"), x509.RFC822Name("bob@example.org")]
    bob_key = p256()
    bob = issued("x509P256Mail", bob_key, "bob@example.org", sans=mail)
    issued("x509Rsa", large, "carol@example.org")
    issued("x509WithRoot", ed, "alice@example.org", chain=[middle_cert, root_cert])
    issued("x509NoKeyUsage", ed, "alice@example.org", signature=None)
    issued("x509OtherName", ed, "alice@example.org", sans=[xmpp("mallory@example.org")])
    issued("x509DnsName", ed, "alice.example.org", sans=[x509.DNSName("alice.example.org")])
    issued("x509NoName", ed, "alice@example.org", sans=[])
    strange = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x01x")
    issued("x509StrangeName", ed, "x", sans=[strange])
    broken = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5"), b"\x02\x01x")
    issued("x509BrokenName", ed, "x", sans=[broken])
    issued("x509NotForSignatures", ed, "alice@example.org", signature=False)
    issued("x509Expires2028", ed, "alice@example.org", until=2028)
    issued("x509NoIssuer", ed, "alice@example.org", chain=[])
    issued("x509WrongIssuer", ed, "alice@example.org", issuer=other)
    issued("x509SixCertificates", ed, "alice@example.org", chain=[middle_cert] * 5)
    issued("x509Rsa1024", rsa.generate_private_key(65537, 1024), "alice@example.org")
    issued("x509P384", ec.generate_private_key(ec.SECP384R1()), "alice@example.org")
    under_bob = certificate("Holder", ed, "Holder", bob_key, sans=[xmpp("alice@example.org")])
    case("x509IssuedByHolder", ed, "alice@example.org", "Holder", [under_bob, bob, middle_cert])
    stolen = certificate("Holder", p256(), "Issuer", middle, sans=[xmpp("alice@example.org")])
    case("x509KeyOfAnother", ed, "alice@example.org", "Holder", [stolen, middle_cert])

    return {
        "source": "leaf_credentials.py with Python's cryptography, from LeafCredential's Javadoc",
        "room": ROOM,
        "leafKey": LEAF_KEY.hex(),
        "root": root_cert.public_bytes(DER).hex(),
        "otherRoot": other_cert.public_bytes(DER).hex(),
        "revocationLists": [
            revocations("Root", root, []),
            revocations("Issuer", middle, [bob.serial_number]),
        ],
        "credentials": cases,
    }


EMOJI = """
dog cat horse pig elephant rabbit panda monkey penguin turtle fish octopus butterfly snail bee snake
flower tree cactus mushroom clover moon sun star rainbow fire snowman banana apple strawberry corn
pizza cake coffee cheese bread robot ghost crown glasses shoe umbrella balloon gift clock lamp book
note paperclip lock key hammer telephone camera trumpet guitar bell anchor rocket aeroplane bicycle
train tractor football
""".split()


def code(octets, label, emoji):
    out = hashlib.scrypt(
        octets, salt=label, n=32768, r=8, p=1, maxmem=64 << 20, dklen=64)
    groups = [int.from_bytes(out[8 * i:8 * i + 8], "big") % 100000 for i in range(6)]
    bits = format(int.from_bytes(out[48:], "big"), "0128b")
    words = [EMOJI[int(bits[6 * i:6 * i + 6], 2)] for i in range(emoji)]
    return {"digits": " ".join("%05d" % g for g in groups), "words": words}


def make_codes(cases):
    def member(label):
        name = cases[label]["name"].encode()
        return vector(name) + bytes.fromhex(cases[label]["fingerprint"])

    result = {
        "source": "leaf_credentials.py with Python's hashlib, from VerificationCode's Javadoc",
        "epochs": [],
        "pairs": [],
    }
    for authenticator in (bytes(32), bytes(range(32)), b"\xff" * 48):
        entry = code(authenticator, b"perc4j epoch code 1", 8)
        result["epochs"].append({"authenticator": authenticator.hex()} | entry)
    for a, b in (("rawEd25519", "rawP256"), ("x509Rsa", "rawEd25519")):
        entry = code(b"".join(sorted([member(a), member(b)])), b"perc4j pair code 1", 16)
        result["pairs"].append({"a": a, "b": b} | entry)
    return result


def main(folder):
    credentials = make_credentials()
    codes = make_codes(credentials["credentials"])
    for name, content in ("leaf-credentials", credentials), ("verification-codes", codes):
        with open(f"{folder}/{name}.json", "w") as out:
            json.dump(content, out, indent=1)
            out.write("\n")


main(sys.argv[1])
