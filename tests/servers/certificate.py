"""A throw-away certificate."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers.needs import program


def make_certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """(certificate, key) for `name` and 127.0.0.1, signed by itself; the certificate serves as ca_file too."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert)]
    subprocess.run([program("openssl", "openssl"), *request, *names, *files], check=True, capture_output=True)
    return cert, key
