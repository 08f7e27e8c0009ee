#!/usr/bin/env bash
# Frames of Facebook's zstd (1.5) for one text (test/unit/data/table-text.ts): levels with other block types, tables and window headers.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=test/fixtures/data/zstd
text=$(mktemp)
trap 'rm -f "$text"' EXIT
npx tsx test/unit/data/table-text.ts >"$text"
zstd -qcf -1 "$text" >"$out/level-1.zst"
zstd -qcf -19 "$text" >"$out/level-19.zst"
zstd -qcf --fast=5 --no-check "$text" >"$out/fast.zst"
# From a pipe: the frame does not say how long its content is.
zstd -qc -3 <"$text" >"$out/stream.zst"
