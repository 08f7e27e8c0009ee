import { count, literal, nonEmptyText, object, text, union } from '../../vocabulary/check.ts';
import type { Infer } from '../../vocabulary/check.ts';

const set = object({ kind: literal('set'), path: nonEmptyText, value: text });
const reset = object({ kind: literal('reset'), path: nonEmptyText });
const addItem = object({ kind: literal('addItem'), path: nonEmptyText, value: nonEmptyText });
const removeItem = object({ kind: literal('removeItem'), path: nonEmptyText, index: count });
const moveItem = object({ kind: literal('moveItem'), path: nonEmptyText, from: count, to: count });

export const formChangeCheck = union('kind', [set, reset, addItem, removeItem, moveItem]);

/** A change that a person makes in the form; values are as a person writes them. */
export type FormChange = Infer<typeof formChangeCheck>;
