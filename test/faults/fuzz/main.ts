/**
 * The hostile inputs of some formats, any number of them:
 * `npx tsx test/faults/fuzz/main.ts [--seed N] [--per-format N] [--formats a,b] [--jobs N] [--short] [--keep]`.
 */
import { fuzz } from './fuzz.ts';
import { readOptions } from './options.ts';
import { hasFailed } from './report.ts';

const tallies = await fuzz(readOptions(process.argv.slice(2)));
process.exitCode = tallies.some(hasFailed) ? 1 : 0;
