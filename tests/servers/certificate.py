"""A throw-away certificate."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers.needs import program


def make_certificate(folder: Path, name: str = "localhost", *, expired: bool = False) -> tuple[Path, Path]:
    """(certificate, key) for `name` and 127.0.0.1, signed by itself; the certificate serves as ca_file too."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    openssl = program("openssl", "openssl")
    names = f"subjectAltName=DNS:{name},IP:127.0.0.1"
    fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key)]
    if not expired:
        command = ["req", "-x509", *fresh, "-subj", f"/CN={name}", "-addext", names, "-out", str(cert)]
        subprocess.run([openssl, *command], check=True, capture_output=True)
        return cert, key
    # `req -x509` takes no date in the past; a certificate authority of one file does
    request, extensions, index = folder / "request.pem", folder / "extensions.cnf", folder / "index.txt"
    command = ["req", "-new", *fresh, "-subj", f"/CN={name}", "-out", str(request)]
    subprocess.run([openssl, *command], check=True, capture_output=True)
    index.write_text("")
    extensions.write_text(
        f"[ca]\ndefault_ca = own\n[own]\ndatabase = {index}\nnew_certs_dir = {folder}\nrand_serial = yes\n"
        f"default_md = sha256\npolicy = any\nx509_extensions = names\n[any]\ncommonName = supplied\n[names]\n{names}\n"
    )
    dates = ["-startdate", "20240101000000Z", "-enddate", "20240201000000Z"]
    command = ["ca", "-batch", "-selfsign", "-config", str(extensions), "-keyfile", str(key), *dates]
    subprocess.run(
        [openssl, *command, "-in", str(request), "-out", str(cert), "-notext"],
        check=True,
        capture_output=True,
    )
    return cert, key
