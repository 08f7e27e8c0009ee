/** Charts as pictures: an SVG written from the same curves that the canvas shows, and its PNG. */
import type { ChartContent } from './chart-content.ts';
import type { Line } from './line.ts';
import { decimate } from './reduce.ts';
import type { Theme } from './theme.ts';

const CELL = { width: 560, height: 240, top: 44, right: 56, bottom: 28, left: 60 } as const;
const COLUMNS = 2;

interface Titled extends ChartContent {
  readonly title: string;
}

/** All charts in a grid as one SVG document, in the theme's colours. */
export function chartsToSvg(charts: readonly Titled[], theme: Theme, formatX: (x: number) => string): string {
  const nRows = Math.ceil(charts.length / COLUMNS);
  const [width, height] = [CELL.width * COLUMNS, CELL.height * nRows];
  const cells = charts.map((chart, i) => {
    const [x, y] = [(i % COLUMNS) * CELL.width, Math.floor(i / COLUMNS) * CELL.height];
    return `<g transform="translate(${x} ${y})">${cellSvg(chart, theme, formatX)}</g>`;
  });
  const font = escape(theme.font.replace(/^\S+\s/, ''));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${font}" font-size="11" fill="${theme.foreground}">` +
    `<rect width="100%" height="100%" fill="${theme.background}"/>${cells.join('')}</svg>\n`
  );
}

/** Pixels of the PNG per pixel of the SVG. */
const PNG_SCALE = 2;

/** The picture of an SVG document as PNG. */
export async function chartsToPng(svgText: string): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svgText], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * PNG_SCALE;
    canvas.height = image.naturalHeight * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('the picture is too large for this browser');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}

type Side = 'left' | 'right';

function cellSvg({ title, lines, range, isLog }: Titled, theme: Theme, formatX: (x: number) => string): string {
  const plot = { width: CELL.width - CELL.left - CELL.right, height: CELL.height - CELL.top - CELL.bottom };
  const px = (x: number) => CELL.left + ((x - range[0]) / (range[1] - range[0] || 1)) * plot.width;
  const parts = [`<text x="${CELL.left}" y="16" font-weight="600">${escape(title)}</text>`];
  for (const x of ticks(range, 6)) {
    parts.push(
      `<text x="${num(px(x))}" y="${CELL.height - 8}" text-anchor="middle" fill="${theme.muted}">${escape(formatX(x))}</text>`,
    );
  }
  for (const side of ['left', 'right'] satisfies Side[]) {
    const own = lines.filter((line) => (line.axis ?? 'left') === side && line.curve.x.length > 0);
    if (own.length === 0) continue;
    const drawn = own.map((line) => ({ line, curve: decimate(line.curve, range, plot.width / 2) }));
    const scale = (y: number) => (isLog ? Math.log10(y) : y);
    const ys = drawn.flatMap(({ curve }) => [...curve.y].map(scale).filter(Number.isFinite));
    const [low, high] = ys.reduce(([a, b], y) => [Math.min(a, y), Math.max(b, y)], [Infinity, -Infinity]);
    const air = (high - low) * 0.08 || 1;
    const py = (y: number) => CELL.top + (1 - (scale(y) - low + air) / (high - low + 2 * air)) * plot.height;
    for (const tick of ticks([low - air, high + air], 4)) {
      const y = isLog ? 10 ** tick : tick;
      const x = side === 'left' ? CELL.left - 6 : CELL.width - CELL.right + 6;
      const anchor = side === 'left' ? 'end' : 'start';
      if (side === 'left') {
        parts.push(
          `<path d="M${CELL.left} ${num(py(y))}h${plot.width}" stroke="${theme.muted}" stroke-opacity="0.25"/>`,
        );
      }
      parts.push(
        `<text x="${x}" y="${num(py(y) + 4)}" text-anchor="${anchor}" fill="${theme.muted}">${escape(own[0]!.format(y))}</text>`,
      );
    }
    for (const { line, curve } of drawn) parts.push(pathSvg(line, curve.x, curve.y, px, py));
  }
  return parts.join('') + legendSvg(lines.filter(({ curve }) => curve.x.length > 0));
}

function pathSvg(
  { colour, width, dash }: Line,
  x: Float64Array,
  y: Float64Array,
  px: (x: number) => number,
  py: (y: number) => number,
): string {
  const points = Array.from(x, (at, i) => [px(at), py(y[i]!)] as const).filter((point) => point.every(Number.isFinite));
  const d = points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${num(a)} ${num(b)}`).join('');
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"${dashAttr(dash)}/>`;
}

function legendSvg(lines: readonly Line[]): string {
  let x = CELL.left;
  return lines
    .map(({ label, colour, width, dash, curve, format }) => {
      const words = `${label} ${format(curve.y.at(-1)!)}`;
      const at = x;
      x += 34 + words.length * 6;
      const mark = `<path d="M${at} 29h20" stroke="${colour}" stroke-width="${width}"${dashAttr(dash)}/>`;
      return `${mark}<text x="${at + 24}" y="33">${escape(words)}</text>`;
    })
    .join('');
}

const dashAttr = (dash: readonly number[] | undefined): string =>
  dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`;

/** About `n` round numbers inside a range: steps of 1, 2 or 5 times a power of ten. */
export function ticks([min, max]: readonly [number, number], n: number): number[] {
  const rough = (max - min) / n;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const num = (value: number): string => value.toFixed(1);
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
