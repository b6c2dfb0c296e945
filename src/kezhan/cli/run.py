"""`kezhan run`: web, worker and scheduler under one parent, on a machine where nothing was prepared."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from . import osdep
from .addresses import Address, free_port, is_loopback, names_of
from .child import COMMANDS
from .firstrun import make_keys
from .home import Home, default_data_dir
from .lock import RunLock
from .say import Stop, say, warn
from .supervisor import Child, Supervisor
from .verbs import has_command

PATIENCE = 3  # deaths of the web server before its first answer, after which the start is given up


def main(argv: list[str]) -> int:
    options = parser().parse_args(argv)
    home = Home(options.data.resolve() if options.data else default_data_dir())
    address = Address(options.host, options.port, tls=uses_tls(options), behind_proxy=options.behind_proxy)
    refuse_halves(options)
    os.umask(0o077)  # the database and its companions too are read by nobody else
    osdep.private_folder(home.data)
    lock = RunLock(home.lock)
    lock.take()
    try:
        return run(home, address, options, lock)
    finally:
        lock.free()


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="kezhan run", description="运行客栈 · run the product")
    made.add_argument("--port", type=int, default=8000, help="端口 port (8000; 0: 任一空闲端口 any free one)")
    made.add_argument("--host", default="127.0.0.1", help="监听地址 address to listen on (127.0.0.1)")
    made.add_argument(
        "--data", type=Path, metavar="DIR", help=f"数据目录 data directory ({default_data_dir()})"
    )
    made.add_argument("--empty", action="store_true", help="不装演示酒店，给出首个管理员链接 no demo hotel")
    made.add_argument("--cert", type=Path, help="TLS 证书（PEM）certificate")
    made.add_argument("--key", type=Path, help="TLS 私钥（PEM）private key")
    made.add_argument(
        "--behind-proxy", action="store_true", help="TLS 由前面的代理负责 a proxy in front of us speaks TLS"
    )
    return made


def uses_tls(options: argparse.Namespace) -> bool:
    """Beyond this machine desks and phones sign in over the house's network: never in clear."""
    if options.behind_proxy:
        return False
    return bool(options.cert) or not is_loopback(options.host)


def refuse_halves(options: argparse.Namespace) -> None:
    if bool(options.cert) != bool(options.key):
        raise Stop("--cert 与 --key 必须同时给出。", "--cert and --key belong together.")
    if options.cert and options.behind_proxy:
        raise Stop(
            "--behind-proxy 时由代理负责 TLS，不能再给 --cert。", "With --behind-proxy the proxy speaks TLS."
        )
    for path in filter(None, (options.cert, options.key)):
        if not path.is_file():
            raise Stop(f"找不到文件 {path}。", f"There is no file {path}.")


def run(home: Home, address: Address, options: argparse.Namespace, lock: RunLock) -> int:
    address = Address(address.host, free_port(address.host, address.port), address.tls, address.behind_proxy)
    for made in make_keys(home):
        say(
            f"已生成密钥：{made}（请另存一份，丢失则数据无法解密）",
            f"Made the key {made}: keep a copy elsewhere",
        )
    env = environment(home, address, options)
    supervisor = Supervisor(children(env))
    supervisor.take_signals()
    answer = prepare(home, env, supervisor, empty=options.empty, demo=address.allows_demo)
    if supervisor.stopping:
        return 0
    lock.tell({"pid": os.getpid(), "address": address.for_people})
    supervisor.start()
    watcher = FirstAnswer(supervisor, address, lambda: announce(home, address, answer))
    supervisor.watch(watcher.tick)
    say("正在停止……", "Stopping")
    supervisor.end()
    return 1 if watcher.gave_up else 0


def environment(home: Home, address: Address, options: argparse.Namespace) -> dict[str, str]:
    """How the three children know where they are and what is safe here."""
    env = home.environment()
    names = names_of(address)
    origins = os.environ.get("KEZHAN_TRUSTED_ORIGINS", "").split(",") if address.behind_proxy else []
    if address.behind_proxy:
        origins += [f"https://{name}" for name in names]
    flags = {
        "KEZHAN_DEMO": address.allows_demo,
        "KEZHAN_HTTPS": address.tls or address.behind_proxy,
        "KEZHAN_BEHIND_PROXY": address.behind_proxy,
    }
    env.update({name: "1" if on else "" for name, on in flags.items()})
    env.update(
        KEZHAN_BIND_HOST=address.host,
        KEZHAN_BIND_PORT=str(address.port),
        KEZHAN_ALLOWED_HOSTS=",".join(names),
        KEZHAN_TRUSTED_ORIGINS=",".join(filter(None, origins)),
    )
    if address.tls:
        env["KEZHAN_SERVE_CERT"], env["KEZHAN_SERVE_KEY"] = map(str, certificate_for(home, names, options))
    return env


def certificate_for(home: Home, names: list[str], options: argparse.Namespace) -> tuple[Path, Path]:
    """The given certificate, or one made here and explained."""
    from . import certificate as tls

    if options.cert:
        return options.cert.resolve(), tls.usable_key(
            options.key.resolve(), home.data / "keys" / "served-key.pem"
        )
    if not tls.still_good(home.certificate, names, now=tls.now_utc()):
        tls.make_certificate(home.certificate, home.certificate_key, names, now=tls.now_utc())
    say(
        "本机以外的设备会经网络登录，因此页面用 TLS 加密。没有给 --cert/--key，所以用本机自制的证书：\n"
        "  浏览器第一次会提示“不受信任”。请在每台电脑和手机上核对下面的 SHA-256 指纹，一致后选择继续。\n"
        f"  指纹 fingerprint: {tls.fingerprint(home.certificate)}\n  证书 certificate: {home.certificate}",
        "Other devices sign in over the network, so pages are encrypted with a certificate made on this machine. "
        "Browsers warn once: compare the fingerprint above, then accept. Use --cert/--key for one of your own.",
    )
    return home.certificate, home.certificate_key


def prepare(
    home: Home, env: dict[str, str], supervisor: Supervisor, *, empty: bool, demo: bool
) -> dict[str, Any]:
    """Migrate, collect, load: in a process that ends, so that this one stays small. Raises Stop when it failed.

    A signal meanwhile is handed on; a migration under way is finished first.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [
            sys.executable,
            "-m",
            "kezhan.cli.prepare",
            "--data",
            str(home.data),
            "--answer",
            str(answer),
        ]
        command += ["--empty"] * empty + ["--demo"] * demo
        child = osdep.start_group(command, env)
        while child.poll() is None and not supervisor.stopping:
            time.sleep(0.05)
        if supervisor.stopping:
            osdep.ask_group_to_stop(child)
            child.wait()
            return {}
        if child.returncode:
            raise Stop("客栈没有启动，原因见上。", "Kezhan did not start; the reason stands above.")
        return dict(json.loads(answer.read_text(encoding="utf-8")))


def children(env: dict[str, str]) -> list[Child]:
    names = ["web", *(name for name, command in COMMANDS.items() if has_command(command))]
    return [Child(name, [sys.executable, "-m", "kezhan.cli.child", name], env) for name in names]


class FirstAnswer:
    """Waits for the web server's first answer, then says where it is; gives up when it dies before any."""

    def __init__(self, supervisor: Supervisor, address: Address, then) -> None:
        self.supervisor, self.address, self.then = supervisor, address, then
        self.answered = self.gave_up = False
        self._ticks = 0

    def tick(self) -> None:
        if self.answered or self.gave_up:
            return
        self._ticks += 1
        web = self.supervisor.children[0]
        if web.deaths >= PATIENCE:
            self.gave_up = True
            warn("网页服务无法启动，原因见上。", "The web server cannot start; the reason stands above.")
            self.supervisor.stop()
        elif web.alive and self._ticks % 3 == 0 and answers(self.address):
            self.answered = True
            self.then()


def answers(address: Address) -> bool:
    """Whether our own web server answers at all (a port that merely accepts is not enough)."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    url = f"{'https' if address.tls else 'http'}://{host}:{address.port}/healthz"
    ours = ssl.create_default_context()
    ours.check_hostname, ours.verify_mode = False, ssl.CERT_NONE  # our own process on this machine
    # No proxy of the environment: the question is whether this machine answers.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ours)
    )
    try:
        with opener.open(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException):
        return False


def announce(home: Home, address: Address, answer: dict[str, Any]) -> None:
    say(f"\n客栈已启动：{address.for_people}", f"Kezhan is running at {address.for_people}")
    if answer.get("link"):
        link = address.for_people.rstrip("/") + answer["link"]
        say(
            f"建立首个管理员和酒店（链接只能用一次）：{link}",
            "Make the first administrator and property (works once)",
        )
    if address.allows_demo:
        print_demo_accounts(home)
    elif home.demo_accounts.exists():
        say(
            "演示账号只在 127.0.0.1 上有效，这个地址上已停用。正式使用请用新的数据目录：kezhan run --empty --data 目录",
            "Demo accounts answer on 127.0.0.1 only; here they are off. For real use: kezhan run --empty --data DIR",
        )
    if address.behind_proxy:
        say(
            "代理须传 X-Forwarded-For 与 X-Forwarded-Proto；公开域名写入 KEZHAN_ALLOWED_HOSTS，"
            "代理不在本机时把它的地址写入 KEZHAN_TRUSTED_PROXIES。",
            "The proxy sends X-Forwarded-For and X-Forwarded-Proto; name it in KEZHAN_ALLOWED_HOSTS (its public name) "
            "and KEZHAN_TRUSTED_PROXIES (its address, unless it runs on this machine).",
        )
    say("按 Ctrl+C 停止。", "Ctrl+C stops everything.")


def print_demo_accounts(home: Home) -> None:
    """What `kezhan_demo` left at its first run: role, name and password of each."""
    try:
        accounts = json.loads(home.demo_accounts.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    say("\n演示账号（只在本机有效）", "Demo accounts (this machine only)")
    for account in accounts:
        say(f"  {account['username']:<16} {account['password']:<16} {account['role']}")
