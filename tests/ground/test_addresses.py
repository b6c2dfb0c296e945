"""Where we listen: safe by default, and never silently beside another server."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest

from kezhan.cli import certificate as tls
from kezhan.cli.addresses import Address, free_port, is_loopback, names_of
from kezhan.cli.home import Home
from kezhan.cli.run import environment, main, parser, refuse_halves, uses_tls
from kezhan.cli.say import Stop

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def options(*argv: str):
    return parser().parse_args(list(argv))


@pytest.mark.parametrize(
    ("argv", "tls_on"),
    [
        ((), False),
        (("--host", "localhost"), False),
        (("--host", "::1"), False),
        (("--host", "192.168.1.10"), True),
        (("--host", "0.0.0.0"), True),
        (("--host", "0.0.0.0", "--behind-proxy"), False),
        (("--cert", "c", "--key", "k"), True),
    ],
)
def test_another_address_than_this_machine_speaks_tls_unless_a_proxy_does(argv, tls_on):
    assert uses_tls(options(*argv)) is tls_on


@pytest.mark.parametrize(
    ("host", "behind_proxy", "allowed"),
    [
        ("127.0.0.1", False, True),
        ("127.0.0.1", True, False),
        ("0.0.0.0", False, False),
        ("10.0.0.2", True, False),
    ],
)
def test_demo_accounts_answer_on_this_machine_alone(host, behind_proxy, allowed, tmp_path):
    address = Address(host, 8000, tls=False, behind_proxy=behind_proxy)
    env = environment(Home(tmp_path), address, options())
    assert (address.allows_demo, env["KEZHAN_DEMO"]) == (allowed, "1" if allowed else "")


def test_cookies_are_secure_behind_a_proxy(tmp_path):
    address = Address("127.0.0.1", 8000, tls=False, behind_proxy=True)
    assert environment(Home(tmp_path), address, options())["KEZHAN_HTTPS"] == "1"


@pytest.mark.parametrize("argv", [("--cert", __file__), ("--key", __file__)])
def test_half_a_certificate_is_refused(argv):
    with pytest.raises(Stop):
        refuse_halves(options(*argv))


def test_a_certificate_that_is_not_there_is_refused():
    with pytest.raises(Stop):
        refuse_halves(options("--cert", "/nowhere/c.pem", "--key", "/nowhere/k.pem"))


def test_a_taken_port_is_refused_even_when_the_other_shares_it():
    with socket.socket() as other:
        if hasattr(socket, "SO_REUSEPORT"):
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        with pytest.raises(Stop) as refused:
            free_port("127.0.0.1", other.getsockname()[1])
    assert str(other and refused.value.en).startswith("Port ")


def test_a_taken_port_stops_the_start_before_anything_is_made(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        with pytest.raises(Stop):
            main(["--data", str(tmp_path / "data"), "--port", str(other.getsockname()[1])])
    assert not (tmp_path / "data" / "keys").exists()


def test_any_free_port():
    assert free_port("127.0.0.1", 0) > 1023


def test_names_hold_what_the_environment_adds(monkeypatch):
    monkeypatch.setenv("KEZHAN_ALLOWED_HOSTS", "hotel.example")
    names = names_of(Address("192.168.1.10", 8000, tls=True, behind_proxy=False))
    assert {"hotel.example", "192.168.1.10", "127.0.0.1", "localhost"} <= set(names)
    assert "*" not in names


def test_loopback_by_number_and_name():
    assert [is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost", "0.0.0.0", "inn")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


class TestCertificate:
    @pytest.fixture
    def made(self, tmp_path):
        certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
        tls.make_certificate(certificate, key, ["192.168.1.10", "frontdesk.local"], now=NOW)
        return certificate, key

    def test_its_key_is_private_and_in_the_form_the_server_reads(self, made, tmp_path):
        _, key = made
        assert oct(key.stat().st_mode & 0o777) == "0o600"
        assert tls.usable_key(key, tmp_path / "unused.pem") == key

    def test_it_is_kept_while_it_names_our_addresses_and_lasts(self, made):
        certificate, _ = made
        assert tls.still_good(certificate, ["192.168.1.10"], now=NOW)
        assert not tls.still_good(certificate, ["192.168.1.11"], now=NOW)
        assert not tls.still_good(
            certificate, ["192.168.1.10"], now=NOW + timedelta(days=tls.VALID_DAYS - 10)
        )

    def test_its_fingerprint_is_what_a_browser_shows(self, made):
        shown = tls.fingerprint(made[0])
        assert len(shown.split(":")) == 32

    def test_an_older_form_of_key_is_converted(self, tmp_path):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        old, kept = tmp_path / "old.pem", tmp_path / "kept.pem"
        old.write_bytes(
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )
        assert tls.usable_key(old, kept) == kept
        assert b"BEGIN PRIVATE KEY" in kept.read_bytes()

    def test_what_is_no_key_is_refused(self, tmp_path):
        (tmp_path / "text").write_text("hello")
        with pytest.raises(Stop):
            tls.usable_key(tmp_path / "text", tmp_path / "kept")
