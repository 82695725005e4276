#!/usr/bin/env bash
# Fails and lists the Go files that gofmt would change.
set -euo pipefail
cd "$(dirname "$0")/.."

bad=$(git ls-files -co --exclude-standard '*.go' | while IFS= read -r f; do
	[ -f "$f" ] && printf '%s\0' "$f"
done | xargs -0 -r gofmt -s -l)
if [ -n "$bad" ]; then
	printf 'Not gofmt-ed (make fmt mends it):\n%s\n' "$bad" >&2
	exit 1
fi
