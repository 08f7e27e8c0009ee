/** A table as CSV (RFC 4180) with a header; absent values are empty fields. */
export function toCsv(
  header: readonly string[],
  rows: Iterable<readonly (string | number | undefined | null)[]>,
): string {
  const lines = [header.map(field).join(',')];
  for (const row of rows) lines.push(row.map(field).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function field(value: string | number | undefined | null): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
