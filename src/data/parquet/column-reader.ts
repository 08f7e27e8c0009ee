import { decodeDictionary, decodePage } from './decode-page.ts';
import type { PageContext } from './decode-page.ts';
import { findPages } from './pages.ts';
import type { ParquetPage } from './pages.ts';
import type { Values } from './values.ts';

/**
 * Gives the value of a row of a flat column's chunk; rows count within the row group. One page is decoded at a time, when a row of it is asked
 * for: fast for rows in order, and the memory of one page.
 * @throws Damage, and the codecs' errors; the function that it gives, too
 */
export function readChunk(
  bytes: Uint8Array,
  nRows: number,
  column: Omit<PageContext, 'dictionary'>,
): (row: number) => unknown {
  const pages = findPages(bytes, nRows);
  let context: PageContext | undefined;
  let page: ParquetPage<'data'> | undefined;
  let values: Values | undefined;
  return (row) => {
    if (values === undefined || page === undefined || row < page.firstRow || row >= page.firstRow + values.length) {
      context ??= {
        ...column,
        dictionary: pages.dictionary && decodeDictionary(bytes, pages.dictionary, { ...column, dictionary: undefined }),
      };
      page = pageOf(pages.data, row);
      values = decodePage(bytes, page, context);
    }
    return values.at(row - page.firstRow);
  };
}

/** The page that holds a row: of several that begin there, the last, since the others are empty. */
function pageOf(pages: readonly ParquetPage<'data'>[], row: number): ParquetPage<'data'> {
  let [low, high] = [0, pages.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pages[middle]!.firstRow <= row) low = middle;
    else high = middle - 1;
  }
  return pages[low]!;
}
