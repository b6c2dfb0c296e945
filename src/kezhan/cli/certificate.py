"""TLS for a house without a certificate of its own: one made here, and what to tell the people who will see it."""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .firstrun import write_private
from .say import Stop

VALID_DAYS = 825  # the longest that Apple's devices accept


def make_certificate(certificate: Path, key_file: Path, names: list[str], *, now: datetime) -> None:
    """A self-signed certificate for `names` (host names and addresses) and its private key (0600, PKCS#8)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kezhan")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(key_file, _pkcs8(key))
    write_private(certificate, made.public_bytes(serialization.Encoding.PEM).decode())


def still_good(certificate: Path, names: list[str], *, now: datetime) -> bool:
    """Whether the kept certificate names every address of today and lasts another month."""
    try:
        kept = x509.load_pem_x509_certificate(certificate.read_bytes())
        known = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    wanted = {_general_name(name) for name in names}
    return wanted <= set(known) and kept.not_valid_after_utc > now + timedelta(days=30)


def fingerprint(certificate: Path) -> str:
    """SHA-256 as browsers show it, to be compared once at each desk."""
    first = certificate.read_text(encoding="ascii").split("-----END CERTIFICATE-----")[0]
    raw = ssl.PEM_cert_to_DER_cert(first + "-----END CERTIFICATE-----\n")
    digest = hashlib.sha256(raw).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def usable_key(key_file: Path, kept: Path) -> Path:
    """The server reads PKCS#8 only; a key in the older form is converted into `kept`. Raises Stop."""
    try:
        text = key_file.read_bytes()
        if b"-----BEGIN PRIVATE KEY-----" in text:
            return key_file
        key = serialization.load_pem_private_key(text, password=None)
    except (OSError, ValueError, TypeError) as error:
        raise Stop(
            f"无法读取私钥 {key_file}：{error}", f"The private key {key_file} cannot be read."
        ) from None
    write_private(kept, _pkcs8(key))
    return kept


def now_utc() -> datetime:
    return datetime.now(UTC)


def _pkcs8(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _general_name(name: str) -> x509.GeneralName:
    bare = name.strip("[]")
    try:
        return x509.IPAddress(ipaddress.ip_address(bare))
    except ValueError:
        return x509.DNSName(bare.encode("idna").decode())
