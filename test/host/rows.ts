/** Runs as rows of the runs tree, which menus hand to commands. */
import { exampleRun } from './fixture.ts';

/** Two runs `NAME-a` and, later, `NAME-b`. */
export async function twoRuns(name: string): Promise<readonly [string, string]> {
  const older = await exampleRun({ name: `${name}-a`, ageMs: 7_200_000, test: [0.81, 0.83] });
  return [older, await exampleRun({ name: `${name}-b`, test: [0.81, 0.85] })];
}

/** What a row of the runs tree gives to a command. */
export function row(runDir: string): object {
  return { kind: 'run', runDir };
}
