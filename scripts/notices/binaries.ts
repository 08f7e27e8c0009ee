/** The native files that the vsix ships: each has to be known here with what it is and where its notices are. */

interface Binary {
  readonly file: RegExp;
  readonly what: string;
}

const ONNXRUNTIME =
  'ONNX Runtime, by Microsoft, MIT (text under onnxruntime-node). The libraries compiled into it, with their licences, are those of ThirdPartyNotices.txt in the release of this version: https://github.com/microsoft/onnxruntime/blob/v{version}/ThirdPartyNotices.txt';

const BINARIES: readonly Binary[] = [
  { file: /^(?:libonnxruntime[\w.]*|onnxruntime\.dll)$/, what: ONNXRUNTIME },
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
    what: 'DirectX Shader Compiler, by Microsoft and the LLVM project, under LICENSE.TXT and ThirdPartyNotices.txt of https://github.com/microsoft/DirectXShaderCompiler',
  },
];

/** A line for each native file; `version` is that of onnxruntime-node. Throws for a file that the table does not know. */
export function binaryNotices(files: readonly string[], version: string): string[] {
  return files.map((file) => {
    const known = BINARIES.find((binary) => binary.file.test(file));
    if (known === undefined)
      throw new Error(`${file} is a native file that scripts/notices/binaries.ts does not know.`);
    return `${file}: ${known.what.replace('{version}', version)}`;
  });
}
