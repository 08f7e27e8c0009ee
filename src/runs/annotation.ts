import { checkRunAnnotation } from '../protocol/run-annotation.ts';
import { NO_ANNOTATION } from '../protocol/run-annotation.ts';
import type { RunAnnotation } from '../protocol/run-annotation.ts';
import { runPaths } from './layout.ts';
import { readJson } from './read-json.ts';
import type { JsonFile } from './read-json.ts';
import { keepBroken } from './record.ts';
import { writeJsonAtomic } from '../files/write-file.ts';

const ANNOTATION: JsonFile<RunAnnotation> = { name: 'annotation.json', check: checkRunAnnotation };

/**
 * What a person said about a run; an empty annotation when there is no file.
 * @throws ProblemError `broken-file`
 */
export async function readAnnotation(runDir: string): Promise<RunAnnotation> {
  return (await readJson(runPaths.annotation(runDir), ANNOTATION)) ?? NO_ANNOTATION;
}

/** Fields of an annotation to change; an empty title removes it, so that the experiment's name shows again. */
export type AnnotationChanges = Partial<RunAnnotation>;

/**
 * Changes what is said about a run and gives the new annotation. A present file that cannot be read is set aside.
 * @throws ProblemError `disk-full`, `cannot-write`
 */
export async function annotate(runDir: string, changes: AnnotationChanges): Promise<RunAnnotation> {
  await keepBroken(runPaths.annotation(runDir), ANNOTATION);
  const { title, ...rest } = { ...(await readAnnotation(runDir)), ...changes };
  const annotation: RunAnnotation =
    title === undefined || title.trim() === '' ? rest : { ...rest, title: title.trim() };
  await writeJsonAtomic(runPaths.annotation(runDir), annotation);
  return annotation;
}
