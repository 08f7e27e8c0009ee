/** A change that a person makes in the form; values are as a person writes them. */
export type FormChange =
  | { readonly kind: 'set'; readonly path: string; readonly value: string }
  | { readonly kind: 'reset'; readonly path: string }
  | { readonly kind: 'addItem'; readonly path: string; readonly value: string }
  | { readonly kind: 'removeItem'; readonly path: string; readonly index: number }
  | { readonly kind: 'moveItem'; readonly path: string; readonly from: number; readonly to: number };
