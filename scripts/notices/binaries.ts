/** The native files that the vsix ships: each has to be known here with what it is and where its notices are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Binary {
  readonly file: RegExp;
  readonly what: string;
}

const ONNXRUNTIME = /^(?:libonnxruntime[\w.]*|onnxruntime\.dll)$/;

const BINARIES: readonly Binary[] = [
  {
    file: ONNXRUNTIME,
    what: 'ONNX Runtime, by Microsoft, MIT (text under onnxruntime-node). The libraries compiled into it stand below, with their licences.',
  },
  {
    file: /^onnxruntime_binding\.node$/,
    what: 'The binding of ONNX Runtime to Node, by Microsoft, MIT (text under onnxruntime-node).',
  },
  {
    file: /^DirectML\.dll$/,
    what: 'DirectML, by Microsoft, under the terms of its redistributable package: https://www.nuget.org/packages/Microsoft.AI.DirectML',
  },
  {
    file: /^(?:dxcompiler|dxil)\.dll$/,
    what: 'DirectX Shader Compiler, by Microsoft and the LLVM project, under the LLVM Release License (text below) and ThirdPartyNotices.txt of https://github.com/microsoft/DirectXShaderCompiler',
  },
];

/** A line for each native file. Throws for a file that the table does not know. */
export function binaryNotices(files: readonly string[]): string[] {
  return files.map((file) => {
    const known = BINARIES.find((binary) => binary.file.test(file));
    if (known === undefined)
      throw new Error(`${file} is a native file that scripts/notices/binaries.ts does not know.`);
    return `${file}: ${known.what}`;
  });
}

/**
 * Licences of the libraries compiled into ONNX Runtime, in its own words; undefined when none of the files is of it. The npm package lacks
 * the text, so that of the release (ThirdPartyNotices.txt, also in the wheel of PyPI) is kept beside this file. Throws when `version`, that of
 * onnxruntime-node, has none there.
 */
export function compiledIn(files: readonly string[], version: string): string | undefined {
  if (!files.some((file) => ONNXRUNTIME.test(file))) return undefined;
  const name = `onnxruntime-${version}.txt`;
  const path = join(import.meta.dirname, name);
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  throw new Error(
    `Nobody knows what ONNX Runtime ${version} holds: put its ThirdPartyNotices.txt into scripts/notices as ${name}.`,
  );
}
