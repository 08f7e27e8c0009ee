/** What a panel's worker serves. */
export type PanelJob =
  { readonly kind: 'run'; readonly runDir: string } | { readonly kind: 'compare'; readonly runsFolder: string };
