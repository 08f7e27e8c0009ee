/**
 * Loaded before the trainer (`node --import`): counts the calls of `node:fs` that write to the run, and makes something
 * happen at one of them. The moments are exact and the same each time, which no signal from outside is.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, relative } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { Unsynced } from './unsynced.mjs';

/** @type {import('./plan.ts').Plan | undefined} */
const plan = isMainThread && process.env.ESCI_LAB_FAULT ? JSON.parse(process.env.ESCI_LAB_FAULT) : undefined;

/** The functions as they were: what happens at a moment goes through these. */
const real = { ...fs };
const realPromises = { ...fs.promises };

/** The part of a run by the path from its folder on. */
const PARTS = [
  ['checkpoint', /^checkpoints(\/|$)/],
  ['model', /^model(\.tmp)?(\/|$)/],
  ['rankings', /^(rankings(\/|$)|\.?test_scores\.csv)/],
  ['record', /^\.?run\.json/],
  ['events', /^events\.jsonl$/],
];

/** @type {Record<string, number>} */
const counts = {};
/** Paths by open file descriptor. @type {Map<number, string>} */
const paths = new Map();
const unsynced = new Unsynced(real);
let hasFailed = false;
/** Calls that wrote what the moment asks for. */
let nHolding = 0;
/** Calls inside a call are not counted. */
let depth = 0;

function partOf(path) {
  if (typeof path !== 'string') return undefined;
  const fromRun = relative(plan.runDir, path);
  if (!fromRun.startsWith('..')) return PARTS.find(([, pattern]) => pattern.test(fromRun))?.[0];
  return relative(plan.artifacts, path).startsWith('..') ? undefined : 'artifacts';
}

/** Whether the fault happens at this call, which is counted. */
function isDue(path, args) {
  const part = partOf(path);
  if (part === undefined) return false;
  counts[part] = (counts[part] ?? 0) + 1;
  if (plan.moment?.part !== part) return false;
  const { holding, n } = plan.moment;
  if (holding === undefined) return n === counts[part];
  return args.some((arg) => arg instanceof Uint8Array && Buffer.from(arg).includes(holding)) && ++nHolding === n;
}

function failure(code, syscall, path) {
  return Object.assign(new Error(`${code}: injected, ${syscall} '${path}'`), { code, errno: -1, syscall, path });
}

/** Does what the plan says; gives the error that the call is to fail with, if any. */
function act(call, path) {
  const { moment, action } = plan;
  real.writeFileSync(plan.out, `${call} ${relative(plan.runDir, path)}, ${moment.when}`);
  switch (action.kind) {
    case 'cut-power':
      unsynced.lose(action.keptShare);
      return process.kill(process.pid, 'SIGKILL');
    case 'kill':
      return process.kill(process.pid, 'SIGKILL');
    case 'error':
      hasFailed = action.lasts;
      return failure(action.code, call, path);
    case 'fill':
      return fill(action);
    case 'remove-run':
      return real.rmSync(plan.runDir, { recursive: true, force: true, maxRetries: 5 });
    case 'move-run':
      return real.renameSync(plan.runDir, action.to);
    case 'write':
      return real.writeFileSync(action.file, action.text);
  }
}

/** Fills a file system by one file until some bytes are left. */
function fill({ file, leftBytes }) {
  const fd = real.openSync(file, 'w');
  const { bavail, bsize } = real.statfsSync(dirname(file));
  const piece = Buffer.alloc(1 << 20);
  try {
    for (let left = bavail * bsize - leftBytes; left > 0; left -= piece.length)
      real.writeSync(fd, piece, 0, Math.min(left, piece.length));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    real.closeSync(fd);
  }
}

/** What is to be done at a call: `error` fails it because an earlier one failed for good. */
function before(call, path, args) {
  if (hasFailed && partOf(path) !== undefined) return { error: failure(plan.action.code, call, path) };
  if (!isDue(path, args)) return {};
  return plan.moment.when === 'after' ? { after: () => act(call, path) } : { act: () => act(call, path) };
}

/** What a call gives; one that fails by itself (a folder that is there already) is a moment like any other. */
function orAfter(todo, call) {
  try {
    return call();
  } catch (error) {
    todo.after?.();
    throw error;
  }
}

/** Wraps a function that returns at once. */
function wrapSync(call, pathOf, halfOf, note) {
  const original = real[call];
  fs[call] = (...args) => {
    const path = pathOf(args);
    if (depth > 0 || path === undefined) return original(...args);
    depth++;
    try {
      const todo = before(call, path, args);
      if (todo.error) throw todo.error;
      if (todo.act) {
        if (plan.moment.when === 'half' && halfOf) original(...halfOf(args));
        const error = todo.act();
        if (error instanceof Error) throw error;
      }
      const result = orAfter(todo, () => original(...args));
      note?.(args, result, path);
      const error = todo.after?.();
      if (error instanceof Error) throw error;
      return result;
    } finally {
      depth--;
    }
  };
}

/** Wraps a function that gives a promise, of an object. */
function wrapAsync(object, call, pathOf, halfOf, note) {
  const original = object[call];
  object[call] = async function (...args) {
    const path = pathOf(args, this);
    if (path === undefined) return original.apply(this, args);
    const todo = before(call, path, args);
    if (todo.error) throw todo.error;
    if (todo.act) {
      if (plan.moment.when === 'half' && halfOf) await original.apply(this, halfOf(args));
      const error = todo.act();
      if (error instanceof Error) throw error;
    }
    const result = await original.apply(this, args).catch((error) => {
      todo.after?.();
      throw error;
    });
    note?.(args, result, path);
    const error = todo.after?.();
    if (error instanceof Error) throw error;
    return result;
  };
}

/** Wraps a function with a callback, as streams use them. */
function wrapCallback(call, pathOf) {
  const original = real[call];
  fs[call] = (...args) => {
    const path = pathOf(args);
    const todo = path === undefined ? {} : before(call, path, args);
    const error = todo.error ?? todo.act?.();
    if (error instanceof Error) return process.nextTick(args.at(-1), error);
    return original(...args);
  };
}

const text = (path) => (path instanceof URL ? path.pathname : typeof path === 'string' ? path : undefined);
const isForWriting = (flags) => (typeof flags === 'number' ? (flags & 3) !== 0 : /[wax+]/.test(flags ?? 'r'));
const ofPath = ([path]) => text(path);
const ofTarget = ([, to]) => text(to);
const ofFd = ([fd]) => paths.get(fd);
const ofHandle = (_, handle) => paths.get(handle.fd);
const ofFile = ([file]) => (typeof file === 'number' ? paths.get(file) : text(file));
const ofOpened = ([path, flags]) => (isForWriting(flags) ? text(path) : undefined);
/** Half of what is to be written: of a buffer (with or without a range), or of a text. */
const halfOf = (data) => data.slice(0, Math.floor(data.length / 2));
const halfAt = (i) => (args) => args.map((arg, j) => (j === i ? halfOf(arg) : arg)).slice(0, i + 1);
const halfOfRange = ([fd, data, from = 0, length = data.length - from]) => [fd, data, from, Math.floor(length / 2)];

function noteOpened([path, flags], fd) {
  paths.set(typeof fd === 'number' ? fd : fd.fd, text(path));
  if (isForWriting(flags)) unsynced.opened(text(path));
}

/** Opening for reading is not counted, but its descriptor has a path too: folders are synced through one. */
function remember(object, call) {
  const wrapped = object[call];
  object[call] = (...args) => {
    const result = wrapped(...args);
    if (!isForWriting(args[1])) {
      if (typeof result === 'number') noteOpened(args, result);
      else return result.then((handle) => (noteOpened(args, handle), handle));
    }
    return result;
  };
}

async function wrapAll() {
  const wrote = (_args, _result, path) => unsynced.opened(path);
  const synced = (_args, _result, path) => unsynced.synced(path);
  const renamed = ([from, to]) => unsynced.renamed(text(from), text(to));
  wrapSync('openSync', ofOpened, undefined, noteOpened);
  wrapSync('writeSync', ofFd, halfOfRange, wrote);
  wrapSync('writevSync', ofFd, undefined, wrote);
  wrapSync('writeFileSync', ofFile, halfAt(1), ([, , options], _result, path) =>
    options?.flush ? unsynced.synced(path) : unsynced.opened(path, 0),
  );
  wrapSync('appendFileSync', ofFile, halfAt(1), wrote);
  for (const call of ['fsyncSync', 'fdatasyncSync']) wrapSync(call, ofFd, undefined, synced);
  wrapSync('ftruncateSync', ofFd, undefined, wrote);
  for (const call of ['rmSync', 'unlinkSync', 'mkdirSync', 'rmdirSync', 'truncateSync']) wrapSync(call, ofPath);
  wrapSync('renameSync', ofTarget, undefined, renamed);
  for (const call of ['copyFileSync', 'cpSync']) wrapSync(call, ofTarget);

  wrapAsync(fs.promises, 'open', ofOpened, undefined, noteOpened);
  for (const call of ['writeFile', 'appendFile']) wrapAsync(fs.promises, call, ofPath, halfAt(1), wrote);
  for (const call of ['rm', 'unlink', 'mkdir', 'rmdir']) wrapAsync(fs.promises, call, ofPath);
  wrapAsync(fs.promises, 'rename', ofTarget, undefined, renamed);
  for (const call of ['copyFile', 'cp']) wrapAsync(fs.promises, call, ofTarget);
  const handle = await realPromises.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const call of ['write', 'writeFile', 'appendFile']) wrapAsync(prototype, call, ofHandle, halfAt(0), wrote);
  for (const call of ['writev', 'truncate']) wrapAsync(prototype, call, ofHandle, undefined, wrote);
  for (const call of ['sync', 'datasync']) wrapAsync(prototype, call, ofHandle, undefined, synced);

  for (const call of ['write', 'writev', 'fsync']) wrapCallback(call, ofFd);
  for (const call of ['openSync']) remember(fs, call);
  remember(fs.promises, 'open');
  syncBuiltinESMExports();
}

if (plan !== undefined) {
  await wrapAll();
  if (plan.moment === undefined) process.on('exit', () => real.writeFileSync(plan.out, JSON.stringify(counts)));
}
