"""The root key's command, as ARCHITECTURE.md describes it, for tests: what a client of a KMS or HSM has to answer.

The cipher is made of the standard library alone (BLAKE2b in counter mode, then a MAC over everything) and is for tests
only. The root key is 32 bytes in the file that the first argument names; a real one never leaves its KMS or HSM.
"""

import hashlib
import hmac
import os
import struct
import sys

root = open(sys.argv[1], "rb").read()
assert len(root) == 32
KEY_ID = b"reference-" + hashlib.blake2b(b"id", key=root, digest_size=4).hexdigest().encode()


def read(count):
    data = sys.stdin.buffer.read(count)
    if len(data) != count:
        sys.exit(0)
    return data


def fields(body):
    found = []
    while body:
        (length,) = struct.unpack(">I", body[:4])
        found.append(body[4 : 4 + length])
        body = body[4 + length :]
    return found


def answer(status, field=b""):
    body = bytes([status]) + struct.pack(">I", len(field)) + field
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.buffer.flush()


def derive(purpose):
    return hashlib.blake2b(purpose, key=root, digest_size=32).digest()


def stream(nonce, data):
    out = bytearray()
    for start in range(0, len(data), 64):
        block = hashlib.blake2b(nonce + struct.pack(">Q", start), key=derive(b"encrypt"), digest_size=64).digest()
        out += bytes(a ^ b for a, b in zip(data[start : start + 64], block))
    return bytes(out)


def tag(associated, nonce, ciphertext):
    text = struct.pack(">I", len(associated)) + associated + nonce + ciphertext
    return hashlib.blake2b(text, key=derive(b"authenticate"), digest_size=32).digest()


while True:
    (length,) = struct.unpack(">I", read(4))
    body = read(length)
    what, given = body[:1], fields(body[1:])
    if os.path.exists(sys.argv[1] + ".unavailable"):
        answer(2, b"the reference is told to be away")
    elif what == b"I":
        answer(0, KEY_ID)
    elif given[0] != KEY_ID:
        answer(1)
    elif what == b"W":
        nonce = os.urandom(24)
        ciphertext = stream(nonce, given[2])
        answer(0, nonce + tag(given[1], nonce, ciphertext) + ciphertext)
    elif what == b"U":
        nonce, mac, ciphertext = given[2][:24], given[2][24:56], given[2][56:]
        if hmac.compare_digest(mac, tag(given[1], nonce, ciphertext)):
            answer(0, stream(nonce, ciphertext))
        else:
            answer(1)
    else:
        answer(1)
