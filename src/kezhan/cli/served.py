"""What the web processes serve. Behind a proxy, address and scheme of a request are what the proxy says."""

from __future__ import annotations

import os

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from kezhan.website.wsgi import application as website

application = website
if os.environ.get("KEZHAN_BEHIND_PROXY") == "1":
    # The proxy runs on this machine unless its addresses are named.
    trusted = os.environ.get("KEZHAN_TRUSTED_PROXIES", "127.0.0.1,::1").split(",")
    application = wrap_wsgi_with_proxy_headers(website, trusted_hosts=[host.strip() for host in trusted])
