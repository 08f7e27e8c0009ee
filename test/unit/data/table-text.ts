/** Text like that of a table, 160,000 bytes, the same each time: words of many and of few occurrences, numbers, and a stretch that repeats. */
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../../src/data/random.ts';

export function tableText(): Buffer {
  const random = createRandom(2026);
  const syllables = ['ka', 'lo', 'mi', 'ter', 'sun', 'a', 'e', 'ring', 'po', 'du'];
  const word = (): string =>
    Array.from({ length: 1 + random.nextBelow(4) }, () => syllables[random.nextBelow(10)]).join('');
  const words = Array.from({ length: 400 }, word);
  let text = '';
  for (let row = 0; text.length < 160_000; row++) {
    const title = Array.from(
      { length: 3 + random.nextBelow(8) },
      () => words[Math.floor(400 * random.nextFloat() ** 3)],
    ).join(' ');
    text += `${row},B${String(random.nextBelow(10 ** 6)).padStart(9, '0')},${title}\n`;
    if (row % 500 === 499) text += text.slice(0, 3000);
  }
  return Buffer.from(text.slice(0, 160_000));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(tableText());
