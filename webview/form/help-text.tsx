/** A sentence of the table of options; what stands in backquotes there is code. */
export function HelpText({ help }: { readonly help: string }) {
  const parts = help.split('`');
  return <span>{parts.map((part, i) => (i % 2 === 0 ? part : <code class="mono">{part}</code>))}</span>;
}
