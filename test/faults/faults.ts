import { clocks } from './clock.ts';
import { damages } from './damage.ts';
import { fullDisks } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { gone } from './gone.ts';
import { kills } from './kill.ts';
import { pipes } from './pipes.ts';
import { readOnly } from './read-only.ts';
import { schemas } from './schemas.ts';
import { suspensions } from './suspended.ts';
import { twice } from './twice.ts';

/** Everything that is tried, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  ...kills,
  ...damages,
  ...fullDisks,
  ...readOnly,
  ...gone,
  ...clocks,
  ...twice,
  ...suspensions,
  ...schemas,
  ...pipes,
];
