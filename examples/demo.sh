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

echo; echo "5. What happens to the pump, on a ledger"
export NACRE_KEYS="$out/keys" NACRE_LEDGER="$out/ledger" NACRE_KEY=tech-07
run ledger init "$out/ledger" --origin factory.example/log
run ledger keys new tech-07
run ledger record --asset "$out/pump.aasx" --activity manufacturing --to acme --update "$out/pump.aasx"
run ledger record --asset https://acme.example/p/4711 --activity repair --note "Bearing replaced" --attach manual.txt --update "$out/pump-4712.aasx"
run ledger checkpoint -o "$out/last.ckpt"
run ledger anchor
run ledger keys trust -o "$out/trust.toml"
expect 3 ledger audit https://acme.example/p/4711
run ledger audit https://acme.example/p/4711 --trust "$out/trust.toml" --chain
run ledger embed "$out/pump-4712.aasx" -o "$out/with-evidence.aasx"
run verify "$out/with-evidence.aasx" --trust "$out/trust.toml"
run set "$out/with-evidence.aasx" Nameplate/SerialNumber=9999
expect 4 verify "$out/with-evidence.aasx" --trust "$out/trust.toml"

echo; echo "6. What it means: graphs, shapes, questions"
run export "$out/pump.aasx" --to ttl --graph meaning -o "$out/meaning.ttl"
run export "$out/pump.aasx" --to ttl -o "$out/pump.ttl"
run export "$out/pump.ttl" --to aasx -o "$out/again.aasx"
expect 1 diff "$out/pump.aasx" "$out/again.aasx"  # a graph holds no files
run shacl "$out/pump.aasx"
run query values "$out/pump.aasx" --param concept=https://acme.example/concepts/rated-speed
run query history --ledger "$out/ledger"
run similar "$out/pump.aasx" "$out/pump-4712.aasx"

real=${NACRE_SHARED:-../../shared}/data/templates/published
if [ -d "$real" ]; then
  echo; echo "7. The published templates of the field, all of them"
  nacre validate "$real" --exit-zero --format concise > "$out/findings.txt" || true
  files=$(find "$real" -name '*.aasx' -o -name '*.json' | wc -l)
  echo "$files files, $(wc -l < "$out/findings.txt") findings; the most frequent rules:"
  sed -E 's/^.*: ([A-Z][A-Za-z]+-[0-9a]+(-[0-9]+)?) .*/\1/' "$out/findings.txt" | sort | uniq -c | sort -rn | sed -n 1,8p
else
  echo; echo "7. The published templates are not here ($real); everything else ran"
fi
