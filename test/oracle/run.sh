#!/usr/bin/env bash
# npm run oracle: makes the reference results again with the libraries that we must agree with, and compares them with the committed
# ones. PYTHON names an interpreter that has requirements.txt; without it a virtual environment is made under .cache/oracle (about 6 GB).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${PYTHON:-}" ]; then
  [ -x .cache/oracle/bin/python ] || python3 -m venv .cache/oracle
  PYTHON=.cache/oracle/bin/python
  "$PYTHON" -m pip install -q -r test/oracle/requirements.txt
fi
export HF_HUB_OFFLINE=1
"$PYTHON" test/oracle/regenerate.py --check
"$PYTHON" test/oracle/tokenise.py --check
# These write their fixtures byte by byte as they were: a difference shows in git.
for script in metrics_trec metrics_pipeline schedules; do "$PYTHON" "test/oracle/$script.py"; done
git diff --stat --exit-code -- test/fixtures/metrics test/fixtures/schedules.json
echo "all reference results agree"
