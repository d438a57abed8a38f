#!/bin/sh
# Installs the distribution's servers that the tests start on free loopback ports, and what compiles (tests/compiled). Idempotent; quick when
# all is there. Nothing is started: a policy-rc.d forbids it while packages are set up, and goes again.
# Without root it names what is missing and changes nothing.
set -eu

packages="dovecot-core dovecot-imapd dovecot-lmtpd postfix postgresql neomutt openssl chromium fonts-dejavu-core
gcc libc6-dev python3-dev"

missing=""
for package in $packages; do
    case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)" in
    "install ok installed") ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "tests: not a Debian system; install yourself:$missing" >&2
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "tests: not root, so tests on real servers are skipped; missing:$missing" >&2
    exit 0
fi

policy=/usr/sbin/policy-rc.d
saved=""
restore() {
    if [ -n "$saved" ]; then mv -f "$saved" "$policy"; else rm -f "$policy"; fi
}
if [ -e "$policy" ]; then
    saved="$policy.maild-tests"
    mv -f "$policy" "$saved"
fi
trap restore EXIT
trap 'exit 1' INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086
    apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold \
        -o DPkg::Lock::Timeout=120 $missing
}
log=$(mktemp)
if ! { install || { apt-get update -q && install; }; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    echo "tests: apt-get could not install:$missing" >&2
    exit 1
fi
rm -f "$log"
echo "tests: installed$missing"
