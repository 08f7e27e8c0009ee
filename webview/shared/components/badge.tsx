import './badge.css';

/**
 * A small word on a run: a tag that a person gave, or what it is. The toolkit has an element for it, whose template writes a style
 * attribute, for which the page's policy would have to allow every inline style.
 */
export function Badge({ text }: { readonly text: string }) {
  return <span class="badge">{text}</span>;
}
