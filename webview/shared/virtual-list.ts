import { h, onFrame, setAttr } from './dom.ts';

export interface VirtualListOptions {
  readonly rowHeight: number;
  readonly label: string;
  /** A new element for a row; its content may still be on its way. */
  row(index: number): HTMLElement;
  /** What stands open under a row; undefined for a closed row. Asked for again at each `refresh`. */
  detail(index: number): HTMLElement | undefined;
  /** Enter or a click on a row. */
  onToggle(index: number): void;
  /** ← or Esc on an open row. */
  onClose(index: number): void;
  onChange(view: { readonly top: number; readonly active: number }): void;
}

export interface VirtualList {
  readonly element: HTMLElement;
  setCount(count: number): void;
  /** Makes all visible rows anew. */
  refresh(): void;
  /** Where to look and which row has the focus, from an earlier `onChange`. */
  restore(view: { readonly top: number; readonly active: number }): void;
  focus(): void;
}

const OVERSCAN = 8;
/** Height that a detail is given before it was measured. */
const FIRST_GUESS = 240;

/** A list that only makes the rows in view. Rows are equally high; open ones have a detail of any height below. */
export function createVirtualList(options: VirtualListOptions): VirtualList {
  const { rowHeight } = options;
  const canvas = h('div', { class: 'vlist-canvas' });
  const element = h('div', { class: 'vlist', attrs: { role: 'rowgroup', tabindex: -1 } }, canvas);
  const rows = new Map<number, HTMLElement>();
  const details = new Map<number, HTMLElement>();
  const heights = new WeakMap<HTMLElement, number>();
  let count = 0;
  let active = 0;
  let wantedTop: number | undefined;

  const measurer = new ResizeObserver((entries) => {
    for (const { target } of entries) heights.set(target as HTMLElement, (target as HTMLElement).offsetHeight);
    layout();
  });

  const heightOf = (detail: HTMLElement) => heights.get(detail) ?? FIRST_GUESS;
  const openRows = () => [...details.keys()].sort((a, b) => a - b);

  function topOf(index: number): number {
    let top = index * rowHeight;
    for (const [at, detail] of details) if (at < index) top += heightOf(detail);
    return top;
  }

  /** The row at a height. */
  function rowAt(y: number): number {
    let before = 0;
    for (const at of openRows()) {
      const start = at * rowHeight + before;
      if (y < start + rowHeight) break;
      const height = heightOf(details.get(at)!);
      if (y < start + rowHeight + height) return at;
      before += height;
    }
    return Math.max(0, Math.min(count - 1, Math.floor((y - before) / rowHeight)));
  }

  function layout(): void {
    canvas.style.setProperty('height', `${topOf(count)}px`);
    if (wantedTop !== undefined && canvas.offsetHeight >= wantedTop) {
      element.scrollTop = wantedTop;
      wantedTop = undefined;
    }
    const from = Math.max(0, rowAt(element.scrollTop) - OVERSCAN);
    const to = Math.min(count, rowAt(element.scrollTop + element.clientHeight) + OVERSCAN + 1);
    const focused = [...rows].find(([, row]) => row.contains(document.activeElement))?.[0];
    for (const [index, row] of rows) {
      if ((index >= from && index < to) || index === focused) continue;
      row.remove();
      rows.delete(index);
    }
    for (let index = from; index < to; index++) if (!rows.has(index)) addRow(index);
    for (const [index, row] of rows) {
      row.style.setProperty('transform', `translateY(${topOf(index)}px)`);
      row.tabIndex = index === active ? 0 : -1;
      setAttr(row, 'aria-expanded', details.has(index) ? 'true' : 'false');
      details.get(index)?.style.setProperty('transform', `translateY(${topOf(index) + rowHeight}px)`);
    }
  }

  function addRow(index: number): void {
    const row = options.row(index);
    row.style.setProperty('height', `${rowHeight}px`);
    row.dataset['index'] = String(index);
    setAttr(row, 'aria-rowindex', index + 2);
    rows.set(index, row);
    canvas.append(row);
    const detail = options.detail(index);
    const shown = details.get(index);
    if (detail === shown) return;
    if (shown !== undefined) dropDetail(index, shown);
    if (detail === undefined) return;
    details.set(index, detail);
    canvas.append(detail);
    measurer.observe(detail);
  }

  function dropDetail(index: number, detail: HTMLElement): void {
    measurer.unobserve(detail);
    detail.remove();
    details.delete(index);
  }

  function refresh(): void {
    const hadFocus = [...rows.values()].some((row) => row === document.activeElement);
    for (const row of rows.values()) row.remove();
    rows.clear();
    for (const [index, detail] of details)
      if (index >= count || options.detail(index) !== detail) dropDetail(index, detail);
    layout();
    if (hadFocus) rows.get(active)?.focus({ preventScroll: true });
  }

  function moveTo(index: number): void {
    if (count === 0) return;
    active = Math.max(0, Math.min(count - 1, index));
    const top = topOf(active);
    if (top < element.scrollTop) element.scrollTop = top;
    const bottom = top + rowHeight;
    if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    layout();
    rows.get(active)?.focus({ preventScroll: true });
    report();
  }

  const report = onFrame(() => options.onChange({ top: element.scrollTop, active }));
  const onScroll = onFrame(layout);
  element.addEventListener('scroll', () => {
    onScroll();
    report();
  });
  new ResizeObserver(onScroll).observe(element);

  const pageOf = () => Math.max(1, Math.floor(element.clientHeight / rowHeight) - 1);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(active + 1),
    ArrowUp: () => moveTo(active - 1),
    PageDown: () => moveTo(active + pageOf()),
    PageUp: () => moveTo(active - pageOf()),
    Home: () => moveTo(0),
    End: () => moveTo(count - 1),
    Enter: () => options.onToggle(active),
    ' ': () => options.onToggle(active),
    ArrowRight: () => !details.has(active) && options.onToggle(active),
    ArrowLeft: () => options.onClose(active),
    Escape: () => options.onClose(active),
  };
  canvas.addEventListener('keydown', (event) => {
    const isRow = event.target instanceof HTMLElement && event.target.dataset['index'] !== undefined;
    if (!isRow && event.key === 'Escape') {
      // From inside an open detail back to its row.
      const at = [...details].find(([, detail]) => detail.contains(event.target as Node))?.[0];
      if (at !== undefined) moveTo(at);
      return;
    }
    const action = isRow && !event.ctrlKey && !event.metaKey && !event.altKey ? keys[event.key] : undefined;
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  canvas.addEventListener('click', (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    // A click that ends a selection of text is no click on the row.
    if (row === null || getSelection()?.isCollapsed === false) return;
    active = Number(row.dataset['index']);
    row.focus({ preventScroll: true });
    options.onToggle(active);
    report();
  });

  return {
    element,
    setCount(next) {
      count = next;
      active = Math.min(active, Math.max(0, count - 1));
      refresh();
    },
    refresh,
    restore(view) {
      active = view.active;
      wantedTop = view.top;
      layout();
    },
    focus: () => moveTo(active),
  };
}
