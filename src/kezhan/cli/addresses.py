"""Which address to listen on, under which names, and whether that is safe."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from dataclasses import dataclass

from . import osdep
from .say import Stop

EVERYWHERE = {"0.0.0.0", "::", "*"}  # noqa: S104 - compared with, never a default


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    tls: bool
    behind_proxy: bool

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def for_people(self) -> str:
        """The address to print: a machine of the house cannot open 0.0.0.0."""
        host = self.host
        if host in EVERYWHERE:
            host = next(iter(own_addresses()), "127.0.0.1")
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/"

    @property
    def allows_demo(self) -> bool:
        """Demo accounts have well-known names: they answer where only this machine can ask."""
        return self.is_loopback and not self.behind_proxy


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_addresses() -> list[str]:
    """Addresses of this machine that others in the house may reach it by, the one of the default route first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing; only asks which address would be used
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)]
    return [host for host in dict.fromkeys(found) if not is_loopback(host)]


def names_of(address: Address) -> list[str]:
    """Names a browser may ask for. A proxy's public name comes from KEZHAN_ALLOWED_HOSTS."""
    names = [name for name in os.environ.get("KEZHAN_ALLOWED_HOSTS", "").split(",") if name]
    names += ["127.0.0.1", "localhost", "[::1]"]
    if not address.is_loopback:
        here = own_addresses() if address.host in EVERYWHERE else [address.host]
        machine = socket.gethostname()
        names += [f"[{host}]" if ":" in host else host for host in here] + [machine, f"{machine}.local"]
    return list(dict.fromkeys(names))


def free_port(host: str, port: int) -> int:
    """`port` when nobody listens there (0: any free one). Raises Stop.

    The web server itself would share a taken port silently, and two versions would answer in turn.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if osdep.WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined]
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            raise Stop(f"没有权限使用端口 {port}。", f"No permission to use port {port}.") from None
        except OSError as error:
            raise Stop(
                f"端口 {port} 已被占用或地址 {host} 不可用。请用 --port 换一个端口。（{error.strerror}）",
                f"Port {port} is taken, or {host} is no address of this machine. Choose another with --port.",
            ) from None
        return int(probe.getsockname()[1])
