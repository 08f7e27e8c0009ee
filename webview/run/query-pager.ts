import type { QueryPage, QueryPageRequest, QueryRow } from '../../src/protocol/panels/queries.ts';

export type QueryOrder = Omit<QueryPageRequest, 'offset' | 'limit'>;

/** Pages of queries as they are looked at; rows that are not there yet come later. */
export interface QueryPager {
  readonly total: number | undefined;
  readonly outcomes: QueryPage['outcomes'] | undefined;
  /** The row at a place of the order; asks for its page when it is not there. */
  row(index: number): QueryRow | undefined;
  /** A new sort or filter: everything known is forgotten. */
  setOrder(order: QueryOrder): void;
}

const PAGE = 100;
/** Pages that are kept; the oldest go first. */
const MAX_PAGES = 100;

/** Opens a pager. `onPage` hears of each page, `onError` of each failure. */
export function createQueryPager(
  fetchPage: (request: QueryPageRequest) => Promise<QueryPage>,
  onPage: () => void,
  onError: (error: unknown) => void,
): QueryPager {
  let order: QueryOrder | undefined;
  let generation = 0;
  let latest: QueryPage | undefined;
  let pages = new Map<number, readonly QueryRow[]>();
  const asked = new Set<number>();

  async function ask(page: number): Promise<void> {
    if (order === undefined || asked.has(page)) return;
    asked.add(page);
    const mine = generation;
    try {
      const result = await fetchPage({ ...order, offset: page * PAGE, limit: PAGE });
      if (mine !== generation) return;
      latest = result;
      pages.set(page, result.rows);
      if (pages.size > MAX_PAGES) {
        const oldest = pages.keys().next().value!;
        pages.delete(oldest);
        asked.delete(oldest);
      }
      onPage();
    } catch (error) {
      if (mine === generation) onError(error);
    }
  }

  return {
    get total() {
      return latest?.total;
    },
    get outcomes() {
      return latest?.outcomes;
    },
    row(index) {
      const page = Math.floor(index / PAGE);
      const rows = pages.get(page);
      if (rows === undefined) void ask(page);
      return rows?.[index % PAGE];
    },
    setOrder(next) {
      order = next;
      generation++;
      pages = new Map();
      asked.clear();
      void ask(0);
    },
  };
}
