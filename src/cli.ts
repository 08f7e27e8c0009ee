#!/usr/bin/env node
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { runCli } from './cli/main.ts';
import { askOnTerminal, processTerminal } from './cli/terminal.ts';
import { shellQuotePath } from './process/shell-quote.ts';

/** How this program was called: by its name, or as a file of a clone. */
function commandName(script = ''): string {
  if (/^esci-lab(\.cmd)?$/.test(basename(script))) return 'esci-lab';
  return `node ${shellQuotePath(relative(process.cwd(), script) || script)}`;
}

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  trainerScript: fileURLToPath(new URL('./trainer.js', import.meta.url)),
  command: commandName(process.argv[1]),
  version: packageJson.version,
  ask: askOnTerminal,
  isDebug: (process.env['ESCI_LAB_DEBUG'] ?? '') !== '',
  onInterrupt(listener) {
    process.on('SIGINT', listener);
    return () => void process.off('SIGINT', listener);
  },
});
