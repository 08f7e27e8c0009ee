/** What a field of a CSV file may hold; null, undefined and NaN are an empty field. */
export type CsvValue = string | number | boolean | null | undefined;

/** A table as CSV with a header (RFC 4180, lines end with `\n` as pandas writes them). */
export function csvText(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [csvLine(header)];
  for (const row of rows) lines.push(csvLine(row));
  return lines.join('');
}

function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvField).join(',')}\n`;
}

/** Quoted where a comma, a quote or a line break asks for it. */
function csvField(value: CsvValue): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
