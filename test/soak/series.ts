/** One figure over time. */
export interface Series {
  readonly name: string;
  readonly unit: 'MB' | '';
  /** Where in time, in the unit of the slope, and the value. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Gathers series from looks that each give several figures. */
export class Gathered {
  readonly #byName = new Map<string, [number, number][]>();

  /** Adds the figures of a look at `x`. Sizes in bytes have names that end with "memory" or "heap". */
  add(x: number, figures: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(figures)) {
      const points = this.#byName.get(name) ?? [];
      this.#byName.set(name, points);
      points.push([x, value]);
    }
  }

  series(): Series[] {
    return [...this.#byName].map(([name, points]) => {
      const isMemory = /(memory|heap)$/.test(name);
      return { name, unit: isMemory ? 'MB' : '', points: points.map(([x, y]) => [x, isMemory ? y / 1e6 : y]) };
    });
  }
}

/** The least of each tenth of the time: between two collections memory only grows. */
function floors({ points }: Series): (readonly [number, number])[] {
  const size = Math.max(1, Math.ceil(points.length / 10));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) =>
    points.slice(i * size, (i + 1) * size).reduce((least, point) => (point[1] < least[1] ? point : least)),
  );
}

/** Slope of the least-squares line. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** Prints the start, the end and the slope of each series; start and end are the least of the first and of the last tenth. */
export function printSeries(title: string, per: string, all: readonly Series[]): void {
  const width = Math.max(...all.map(({ name }) => name.length));
  console.log(`\n${title}\n${''.padEnd(width)}     start       end  a ${per}`);
  for (const series of all) {
    const least = floors(series);
    const digits = series.unit === 'MB' ? 1 : 0;
    const [start, end] = [least[0]![1], least.at(-1)![1]].map((value) => value.toFixed(digits).padStart(9));
    const slope = slopeOf(least);
    const signed = `${slope >= 0 ? '+' : ''}${slope.toFixed(1)}`.padStart(9);
    console.log(`${series.name.padEnd(width)} ${start!} ${end!} ${signed}  ${series.unit}`);
  }
}
