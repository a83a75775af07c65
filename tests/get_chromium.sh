#!/bin/sh
# A Chromium for the browser tests: the one that is there, else the system's package.
set -e
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
become=$( [ "$(id -u)" = 0 ] || echo sudo )
echo "No Chromium found: installing the package chromium" >&2
$become apt-get update -qq
$become apt-get install -y -qq chromium >/dev/null || {
    echo "Install Chromium by hand (Debian: apt-get install chromium), then run make test again." >&2
    exit 1
}
