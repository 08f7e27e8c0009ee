/** A codicon; its meaning is said by what surrounds it. */
export function Icon({ name, slot }: { readonly name: string; readonly slot?: string }) {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" {...(slot === undefined ? {} : { slot })} />;
}
