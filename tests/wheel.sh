#!/usr/bin/env bash
# Build the wheel, install it into an empty environment outside the clone, and run the demo once from there. What it
# needs comes in the versions of the lock: a release of somebody else's is not what is looked at here.
set -euo pipefail
python=$1
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/dist" "$root"
"$root/$python" -m venv "$work/env"
sed -n 's/^\([^ #].*==.*[^ ]\) *\\$/\1/p' "$root/requirements.lock" > "$work/versions.txt"
grep -q '^aiokafka==' "$work/versions.txt" || { echo "requirements.lock is not read rightly: see tests/wheel.sh" >&2; exit 1; }
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    --constraint "$work/versions.txt" "$work"/dist/touchline-*.whl
"$work/env/bin/python" -m zipfile --list "$work"/dist/touchline-*.whl > "$work/files.txt"
for package in schemas sources streams sinks dashboards touchline deploy; do
    grep -q "^$package/py.typed " "$work/files.txt" ||
        { echo "the wheel has no $package/py.typed: type checkers would ignore its annotations" >&2; exit 1; }
done
cd "$work"
mkdir data
if [ -d "$HOME/.touchline/jars" ]; then cp -r "$HOME/.touchline/jars" data/; fi
TOUCHLINE_DATA="$work/data" env -u PYTHONPATH "$work/env/bin/touchline" demo --once --json
