import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryNotices, compiledIn } from './binaries.ts';
import { licenceOf } from './licence-text.ts';
import type { ShippedPackage } from './shipped-packages.ts';
import { sourceNotices } from './source-notices.ts';

/**
 * The text of THIRD-PARTY-NOTICES in the vsix: the repository's own part (models, data), then each package with version, licence and its full text, then the
 * native files with what is compiled into them. Throws when a licence's text is missing, with all that lack one.
 */
export function thirdPartyNotices(
  root: string,
  packages: readonly ShippedPackage[],
  nativeFiles: readonly string[],
): string {
  const withLicence = packages.map((one) => ({ one, licence: licenceOf(one) }));
  const without = withLicence
    .filter(({ licence }) => licence === undefined)
    .map(({ one }) => `${one.name} ${one.version}`);
  if (without.length > 0) {
    throw new Error(
      `No licence text is known of ${without.join(', ')}: name one in scripts/notices/licence-text.ts, with the reason.`,
    );
  }
  const sections = withLicence.map(({ one, licence }) => {
    const inside = one.inside === undefined ? '' : `Inside of ${one.inside}.\n`;
    const reason = licence!.reason === undefined ? '' : `${licence!.reason}\n`;
    const own = sourceNotices(one.files).map((text) => `\nIn its source:\n${text}\n`);
    return `== ${one.name} ${one.version} ==\nLicence: ${licence!.id}\n${inside}${reason}\n${licence!.text}\n${own.join('')}`;
  });
  const { version } = packages.find(({ name }) => name === 'onnxruntime-node') ?? { version: '' };
  const natives = `== Native files ==\n${binaryNotices(nativeFiles).join('\n')}\n`;
  const libraries = compiledIn(nativeFiles, version);
  const inside = libraries === undefined ? [] : [`== Compiled into ONNX Runtime ${version} ==\n\n${libraries}\n`];
  const assets = readFileSync(join(root, 'THIRD-PARTY-NOTICES'), 'utf8');
  return [assets, ...sections, natives, ...inside].join('\n');
}
