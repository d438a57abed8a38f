"""Our own DKIM signature: verifies, and does not allow a second From or Subject."""

from __future__ import annotations

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from maild.errors import ConfigError
from maild.secret import Secret
from maild.send.dkim import signer_for
from maild.settings import DeliverySettings

RAW = (
    b"From: <help@desk.example>\r\nTo: <a@b.example>\r\nSubject: x\r\n"
    b"Date: Mon, 2 Nov 2026 09:30:00 +0100\r\n\r\nHi\r\n"
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def delivery(key: rsa.RSAPrivateKey) -> DeliverySettings:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return DeliverySettings(dkim_selector="s1", dkim_key=Secret.known(pem.decode()))


def verifies(raw: bytes, key: rsa.RSAPrivateKey) -> bool:
    from base64 import b64encode

    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + b64encode(der)
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout=5: record))


def test_signature_verifies(key: rsa.RSAPrivateKey) -> None:
    signer = signer_for(delivery(key), "desk.example")
    assert signer is not None
    signed = signer.sign(RAW)
    assert signed.endswith(RAW)
    assert b"d=desk.example" in signed
    assert verifies(signed, key)


@pytest.mark.parametrize("extra", [b"Subject: other\r\n", b"From: <boss@desk.example>\r\n"])
def test_second_field_added_on_the_way_breaks_the_signature(key: rsa.RSAPrivateKey, extra: bytes) -> None:
    signer = signer_for(delivery(key), "desk.example")
    assert signer is not None
    assert not verifies(extra + signer.sign(RAW), key)


def test_key_that_is_none_is_found_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="dkim_key_file"):
        signer_for(DeliverySettings(dkim_selector="s1", dkim_key=Secret.known("not a key")), "desk.example")


def test_no_selector_means_no_signature() -> None:
    assert signer_for(DeliverySettings(), "desk.example") is None
