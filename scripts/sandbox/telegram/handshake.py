"""The server's side of making an authorization key (https://core.telegram.org/mtproto/auth_key).

The RSA key is fixed and public: it identifies a sandbox on loopback and protects nothing.
"""

import time
from hashlib import sha1
from io import BytesIO
from os import urandom
from typing import Any

from pyrogram.crypto import aes, prime
from pyrogram.raw.core import TLObject
from pyrogram.raw.core.primitives import Bytes

from scripts.sandbox.telegram.tl import F, T

MODULUS = int(
    "b08bef5223860ec745417e899d6a60ed47757b1102c12e8dc51ee9a899e5d487"
    "9924e6ce85a1cac81ac1b5cad00f20998dc07df94e6c2e634bf07ae590a0fe69"
    "cd278d6c2b4ac053636a5e6e515cb8c596954c066a6522f994e83ef8f806950d"
    "eca952ef701bd788da103ec246077bb450c452c8a4ee0daca482c84af4db0b51"
    "7dd4ab7833bdd61a31e34cf53dad4660196a938b2e6afd74efe2445f2cb62c81"
    "cc70c406072199078b71badbc4d0c0aab94de0bdba77af442e9a9245fc2ecfbe"
    "42ec82e26f8d458d11fc283acdcb27f9aaf77ea8283b4f5f1fe0cef10ec35d75"
    "20c3a8e7f54d909da0769d109047c52af00446509dabc99f64a2c27fa34d70a9",
    16,
)
_PRIVATE_EXPONENT = int(
    "c9bf5fc131af247c3b7c58a9d2259a960caf07efac822e3cfc22134a04744ba6"
    "992f3e428b1b14ac0f4786033a37cf3d2a6bea895740f0d1b01a2396eaebcf50"
    "008d4e636a25861ac4e4ecfc8c25b550b67feddcf70094333a231cb34e5bd741"
    "8e4d00e575eb9b265c6b6c0c7e12571efb9d1e2d03acb61baff3740794402c71"
    "0cf7facea798542446c20eaf8b6ea0afc9c9ed7a7ed8059785612f35355ac79c"
    "d42cb83b0ded563193109d5d7742ffe5b65878ac9f740892a50e50e61b29fa43"
    "caf88caf9569e22abe740157f9e76253f1c9337d1531ddb48433786d957e79f5"
    "deb459d60898252b6eb6cb84fe148a23b684853e33133d1c56c60245822552d",
    16,
)
_EXPONENT = 65537
_PQ = 1009 * 0x53911073
"""A small prime and one of Telegram's sample. Factoring is not what is tested here: the sample's pq takes a
client written in Python some 20 ms of processor time at every log-in.
"""
_SECRET_BYTES = 32  # 225 bits are enough for a prime of 2048 (RFC 7919, appendix A.1)
_GENERATOR = 3

FINGERPRINT = int.from_bytes(
    sha1(  # noqa: S324 - the protocol's own choice
        bytes(Bytes(MODULUS.to_bytes(256, "big"))) + bytes(Bytes(_EXPONENT.to_bytes(3, "big")))
    ).digest()[-8:],
    "little",
    signed=True,
)


def digest(data: bytes) -> bytes:
    """The SHA-1 of bytes, which the key exchange prescribes."""
    return sha1(data).digest()  # noqa: S324 - the protocol's own choice


def key_id(key: bytes) -> int:
    """The 64 lower-order bits of the SHA-1 of an authorization key."""
    return int.from_bytes(digest(key)[-8:], "little", signed=True)


def _little(number: int, size: int) -> bytes:
    return number.to_bytes(size, "little", signed=True)


class Handshake:
    """One key exchange. `answer` takes the client's messages; `key` is set after the third."""

    def __init__(self) -> None:
        self.key: bytes | None = None
        self._nonce = 0
        self._server_nonce = int.from_bytes(urandom(16), "little", signed=True)
        self._new_nonce = b""
        self._secret = int.from_bytes(urandom(_SECRET_BYTES), "big")
        self._aes = (b"", b"")

    def answer(self, query: TLObject[Any]) -> TLObject[Any]:
        """The reply to one step. Raises `ValueError` on anything that is not part of the exchange."""
        if isinstance(query, F.ReqPq | F.ReqPqMulti):
            return self._begin(query.nonce)
        if isinstance(query, F.ReqDHParams):
            return self._parameters(query.encrypted_data)
        if isinstance(query, F.SetClientDHParams):
            return self._finish(query.encrypted_data)
        raise ValueError(f"{query.QUALNAME} is not part of the key exchange")

    def _begin(self, nonce: int) -> TLObject[Any]:
        self._nonce = nonce
        return T.ResPQ(
            nonce=nonce,
            server_nonce=self._server_nonce,
            pq=_PQ.to_bytes(8, "big"),
            server_public_key_fingerprints=[FINGERPRINT],
        )

    def _parameters(self, encrypted: bytes) -> TLObject[Any]:
        plain = pow(int.from_bytes(encrypted, "big"), _PRIVATE_EXPONENT, MODULUS).to_bytes(256, "big")[1:]
        inner = TLObject.read(BytesIO(plain[20:]))
        if digest(inner.write()) != plain[:20] or inner.nonce != self._nonce:
            raise ValueError("p_q_inner_data does not match its hash or nonce")
        new, server = _little(inner.new_nonce, 32), _little(self._server_nonce, 16)
        self._new_nonce = new
        key = digest(new + server) + digest(server + new)[:12]
        self._aes = (key, digest(server + new)[12:] + digest(new + new) + new[:4])
        answer = T.ServerDHInnerData(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            g=_GENERATOR,
            server_time=int(time.time()),
            dh_prime=prime.CURRENT_DH_PRIME.to_bytes(256, "big"),
            g_a=pow(_GENERATOR, self._secret, prime.CURRENT_DH_PRIME).to_bytes(256, "big"),
        ).write()
        data = digest(answer) + answer
        data += urandom(-len(data) % 16)
        return T.ServerDHParamsOk(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            encrypted_answer=aes.ige256_encrypt(data, *self._aes),
        )

    def _finish(self, encrypted: bytes) -> TLObject[Any]:
        inner = TLObject.read(BytesIO(aes.ige256_decrypt(encrypted, *self._aes)[20:]))
        shared = pow(int.from_bytes(inner.g_b, "big"), self._secret, prime.CURRENT_DH_PRIME)
        self.key = shared.to_bytes(256, "big")
        proof = digest(self._new_nonce + b"\1" + digest(self.key)[:8])
        return T.DhGenOk(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            new_nonce_hash1=int.from_bytes(proof[4:], "little", signed=True),
        )
