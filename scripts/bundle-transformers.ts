import { build } from 'esbuild';
import type { Metafile, Plugin } from 'esbuild';
import { join } from 'node:path';

/**
 * Bundles transformers.js, with which the trainer checks each saved model, into one file without its image code, whose native library we
 * never use. Gives esbuild's metafile.
 */
export async function bundleTransformers(root: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(root, 'node_modules/@huggingface/transformers/dist/transformers.node.mjs')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['onnxruntime-node', 'onnxruntime-common'],
    plugins: [withoutImages()],
    metafile: true,
    absWorkingDir: root,
    logLevel: 'warning',
  });
  return metafile;
}

/** Replaces the image library by a function that fails: transformers.js asks for one when it is loaded, and nothing here calls it. */
function withoutImages(): Plugin {
  return {
    name: 'without-images',
    setup(bundling) {
      bundling.onResolve({ filter: /^sharp$/ }, () => ({ path: 'sharp', namespace: 'nothing' }));
      bundling.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({
        contents: 'export default () => { throw new Error("Images are not supported here."); };',
      }));
    },
  };
}
