/** What of `trainer.log` may stand in a problem report: lines of known shapes, printed anew from their fixed parts. */
import { counted } from '../../vocabulary/words/number.ts';
import { ERROR_CODE, runtimeMessage, SYSTEM_CALLS } from './runtime-messages.ts';

/** A known shape of a line, and how it is printed from its groups. */
interface LineShape {
  readonly shape: RegExp;
  readonly print: (parts: readonly (string | undefined)[]) => string;
}

/** Names of functions as V8 prints them. */
const FUNCTION = '(?:async )?(?:new )?[\\w$.#<>]{1,80}(?: \\[as [\\w$.]{1,40}\\])?';

const SHAPES: readonly LineShape[] = [
  {
    shape: new RegExp(`^ {2,8}at (${FUNCTION}) \\((.{1,1000}?):(\\d{1,7})(?::(\\d{1,7}))?\\)`),
    print: ([name, path, line, column]) => frame(name!, path!, line!, column),
  },
  {
    shape: /^ {2,8}at (?:async )?(.{1,1000}?):(\d{1,7})(?::(\d{1,7}))?$/,
    print: ([path, line, column]) => frame('', path!, line!, column),
  },
  {
    // First line of an error, or of its cause.
    shape: new RegExp(
      `^( *(?:\\[cause\\]: )?)((?:Aggregate|Eval|Range|Reference|Syntax|Type|URI|Problem|System)?Error)(?: \\[(${ERROR_CODE})\\])?: (.*)$`,
    ),
    print: ([before, name, code, message]) =>
      `${before!}${name!}${code === undefined ? '' : ` [${code}]`}: ${runtimeMessage(message!)}`,
  },
  { shape: new RegExp(`^ {2,8}code: '(${ERROR_CODE})',?$`), print: ([code]) => `  code: '${code!}'` },
  { shape: new RegExp(`^ {2,8}syscall: '(${SYSTEM_CALLS})',?$`), print: ([call]) => `  syscall: '${call!}'` },
  { shape: /^ {2,8}errno: (-?\d{1,6}),?$/, print: ([number]) => `  errno: ${number!}` },
  { shape: /^FATAL ERROR: (.*)$/, print: ([message]) => `FATAL ERROR: ${runtimeMessage(message!)}` },
  { shape: /^Node\.js (v\d{1,3}\.\d{1,3}\.\d{1,3})$/, print: ([version]) => `Node.js ${version!}` },
  {
    shape: /^\(node:\d{1,10}\) (?:\[(DEP\d{4})\] )?(Deprecation|Experimental|Process|MaxListenersExceeded)?Warning/,
    print: ([code, kind = '']) => `(node) ${code === undefined ? '' : `[${code}] `}${kind}Warning: …`,
  },
  {
    // onnxruntime: its severity, category, file and function; the message behind them may name tensors and paths.
    shape:
      /^\S{0,12}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9} \[([VIWEF]):onnxruntime:\w{0,40}(?:, \w{0,40})?, ([\w.]{1,60}\.(?:cc|h|cu)):(\d{1,6}) (\w{1,60})[^\]]*\](.*)$/,
    print: ([severity, file, line, name, message]) =>
      `[${severity!}:onnxruntime, ${file!}:${line!} ${name!}] ${runtimeMessage(message!.trim())}`,
  },
  {
    shape: /^(Segmentation fault|Aborted|Killed|Bus error|Illegal instruction)(?: \(core dumped\))?$/,
    print: ([word]) => word!,
  },
];

/** The log's lines: those of known shapes, and how many stood between them. */
export function keepLog(lines: readonly string[]): string {
  const kept: string[] = [];
  let nLeftOut = 0;
  const addLeftOut = (): void => {
    if (nLeftOut > 0) kept.push(`<${counted(nLeftOut, 'line')} left out>`);
    nLeftOut = 0;
  };
  for (const line of lines) {
    const text = keepLine(line);
    if (text === undefined) {
      nLeftOut++;
      continue;
    }
    addLeftOut();
    kept.push(text);
  }
  addLeftOut();
  return kept.map((line) => `${line}\n`).join('');
}

function keepLine(line: string): string | undefined {
  // Longer than any of ours, and the time that the shapes take stays bounded.
  if (line.length > 2000) return undefined;
  for (const { shape, print } of SHAPES) {
    const match = shape.exec(line);
    if (match !== null) return print(match.slice(1));
  }
  return undefined;
}

/** A line of a stack. The name of a function of unknown code is left out with its file. */
function frame(name: string, path: string, line: string, column: string | undefined): string {
  const file = codePath(path);
  if (file === undefined) return '    at <other code>';
  const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
  return name === '' ? `    at ${place}` : `    at ${name} (${place})`;
}

/** Node's own modules, ours, and those of packages. */
const CODE: readonly RegExp[] = [
  /^(node:[a-z_]{1,30}(?:\/[a-z_]{1,40}){0,5})$/,
  /(?:^|\/)(dist\/(?:trainer\.js|cli\.js|panel-worker\.js|extension\.cjs|yaml\.cjs|js-yaml\.cjs|fflate\.cjs))$/,
  /.*\/(node_modules\/(?:@[a-z0-9-]{1,40}\/)?[a-z0-9.-]{1,60})\/(?:.{1,800}\/)?([\w.-]{1,60}\.[cm]?js)$/,
];

/** A file of code without the folders that it is installed in; undefined for one that is not of this program. */
function codePath(path: string): string | undefined {
  const plain = path.replace(/^file:\/\/\/?/, '').replaceAll('\\', '/');
  for (const shape of CODE) {
    const match = shape.exec(plain);
    if (match !== null) return match.slice(1).join('/…/');
  }
  return undefined;
}
