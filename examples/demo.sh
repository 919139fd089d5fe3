#!/usr/bin/env bash
# The main job end to end: make a package, gate a received one, repair it, compare, convert.
# Works on the data beside this file, and on the real templates where they are present.
set -euo pipefail
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
run() { printf '\n$ nacre %s\n' "$*"; nacre "$@"; }
expect() { local code=$1; shift; local got=0; run "$@" || got=$?; [ "$got" = "$code" ] || { echo "expected exit code $code, got $got" >&2; exit 1; }; }

echo "1. A package from an environment and a manual"
run export pump.json --to aasx -o "$out/pump.aasx"
run set "$out/pump.aasx" --file Nameplate/OperatingManual=manual.txt
run validate "$out/pump.aasx"
run show "$out/pump.aasx"

echo; echo "2. A received file: what is wrong, and what can be repaired"
cp pump-received.json "$out/received.json"
expect 1 validate "$out/received.json"
run rule AASd-002
expect 1 validate "$out/received.json" --fix --format concise

echo; echo "3. Compare, correct, convert"
expect 1 diff pump.json "$out/received.json"
run set "$out/pump.aasx" Nameplate/SerialNumber=4712 -o "$out/pump-4712.aasx"
expect 1 diff "$out/pump.aasx" "$out/pump-4712.aasx"
run extract "$out/pump-4712.aasx" Nameplate/OperatingManual
run export "$out/pump-4712.aasx" --to xml --metamodel 3.0 -o "$out/pump-3.0.xml"
run validate "$out/pump-3.0.xml"
run doctor

echo; echo "4. A nameplate from a form"
run template list nameplate
expect 1 generate nameplate-unfinished.toml -o "$out/x.aasx"
run generate nameplate.toml -o "$out/nameplate.aasx"
run validate "$out/nameplate.aasx"
run template show TwinProfile

real=${NACRE_SHARED:-../../shared}/data/templates/published
if [ -d "$real" ]; then
  echo; echo "5. The published templates of the field, all of them"
  nacre validate "$real" --exit-zero --format concise > "$out/findings.txt" || true
  files=$(find "$real" -name '*.aasx' -o -name '*.json' | wc -l)
  echo "$files files, $(wc -l < "$out/findings.txt") findings; the most frequent rules:"
  sed -E 's/^.*: ([A-Z][A-Za-z]+-[0-9a]+(-[0-9]+)?) .*/\1/' "$out/findings.txt" | sort | uniq -c | sort -rn | sed -n 1,8p
else
  echo; echo "5. The published templates are not here ($real); everything else ran"
fi
