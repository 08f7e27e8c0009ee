import type { PanelActionCalls } from '../../src/protocol/panels/actions.ts';
import type { Caller } from '../../src/protocol/rpc.ts';

/** Has the host ask where to, and write, a file: a text as UTF-8, or bytes. */
export async function saveFile(
  actions: Caller<PanelActionCalls>,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  await actions.save({ name, content: bytes });
}
