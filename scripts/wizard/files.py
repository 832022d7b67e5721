"""The two files that a server needs beside `.env`: what Caddy passes on, and the service of systemd."""

import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

CADDYFILE = "Caddyfile"
UNIT = "comptoir.service"

SHOP = """\
# Written by `comptoir init`. Caddy fetches and renews the certificates; each name must point to this machine.
{shop_domain} {{
{store_here}\
	handle /metrics {{
		respond 404
	}}
	handle {{
		encode zstd gzip
		reverse_proxy 127.0.0.1:{api_port} {{
			# While the API is started again, people wait instead of reading an error.
			lb_try_duration 10s
			lb_try_interval 250ms
		}}
	}}
}}
"""
STORE = """\
	# Files go between browsers and the store. Nothing but the bucket is open, for what signed addresses do.
	@files {{
		path /{bucket}/*
		method GET HEAD PUT OPTIONS
	}}
	handle @files {{
		header {{
			Content-Security-Policy sandbox
			X-Content-Type-Options nosniff
		}}
		reverse_proxy 127.0.0.1:{store_port} {{
			flush_interval -1
		}}
	}}
"""
CLOSED_BUCKET = """\
	handle /{bucket}/* {{
		respond 404
	}}
"""
STORE_ALONE = """
{store_domain} {{
{files}\
	handle {{
		respond 404
	}}
}}
"""
SERVICE = """\
# Written by `comptoir init`.
[Unit]
Description=Comptoir: the shop of {public_url}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
{user}WorkingDirectory={project}
ExecStart={program} up --var {var}
Environment=PYTHONUNBUFFERED=1
Restart=on-failure
RestartSec=5
# It stops its own processes in order; workers give their jobs back within 20 seconds.
KillMode=mixed
TimeoutStopSec=90
LimitNOFILE=65536

# Nothing of the system can be written but the shop's own folder. Namespaces are not restricted: previews of
# files that strangers send are made in one without a network.
ProtectSystem=strict
ReadWritePaths={var} /tmp
{rights}ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectClock=yes
ProtectHostname=yes
PrivateDevices=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=~@clock @cpu-emulation @debug @module @mount @obsolete @raw-io @reboot @swap
SystemCallErrorNumber=EPERM
UMask=0077

[Install]
WantedBy=multi-user.target
"""
RIGHTS = "NoNewPrivileges=yes\nCapabilityBoundingSet=\nAmbientCapabilities=\n"
"""Not for root, who starts PostgreSQL as somebody else."""


@dataclass(frozen=True)
class Place:
    """Where a shop is reached and where its files are. `store_domain` may be the shop's own."""

    shop_domain: str
    store_domain: str
    bucket: str
    api_port: int
    store_port: int
    project: Path
    var: Path


def caddyfile(place: Place) -> str:
    """What Caddy passes on to the API, and of the store its bucket alone."""
    values = {"bucket": place.bucket, "store_port": place.store_port}
    files = STORE.format(**values)
    here = place.store_domain == place.shop_domain
    text = SHOP.format(
        shop_domain=place.shop_domain,
        api_port=place.api_port,
        store_here=files + CLOSED_BUCKET.format(**values) if here else "",
    )
    return text if here else text + STORE_ALONE.format(store_domain=place.store_domain, files=files)


def unit(place: Place) -> str:
    """The service of systemd, as the user who runs this, with the rights that the shop needs."""
    root = os.getuid() == 0
    return SERVICE.format(
        public_url=f"https://{place.shop_domain}",
        user="" if root else f"User={pwd.getpwuid(os.getuid()).pw_name}\n",
        rights="" if root else RIGHTS,
        project=_escaped(place.project),
        program=_escaped(Path(sys.executable).with_name("comptoir")),
        var=_escaped(place.var),
    )


def _escaped(path: Path) -> str:
    """A path in a unit file, where % and spaces mean something (systemd.unit(5), systemd.syntax(7))."""
    return str(path).replace("\\", "\\\\").replace("%", "%%").replace(" ", "\\x20")
