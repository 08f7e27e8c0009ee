import { shown, type Json } from '../files/json-file.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import type { Architecture } from './architecture.ts';
import { numbersOf } from './config-numbers.ts';
import { FAMILIES, FAMILY_OF, type FamilyName } from './families/families.ts';

/** What `config.json` says of a model: its family and sizes. */
export interface ModelConfig extends Architecture {
  readonly family: FamilyName;
}

/**
 * Reads `config.json`'s content. Every number is within what an encoder can have, so that nothing large is built from a
 * wrong one; whether the weights are of these sizes is for their reader to see.
 * @throws ProblemError `unknown-architecture`, `unknown-activation`, `bad-model-config`
 */
export function parseModelConfig(config: Json, where: string): ModelConfig {
  const modelType = config['model_type'];
  const family = typeof modelType === 'string' ? FAMILY_OF.get(modelType) : undefined;
  if (family === undefined) {
    throw new ProblemError({
      code: 'unknown-architecture',
      message: `the model is of type ${shown(modelType)}; known are ${[...FAMILY_OF.keys()].join(', ')}`,
      where,
      next: 'Choose a model of one of these types.',
    });
  }
  const activation = config[FAMILIES[family].activationKey] ?? 'gelu';
  if (activation !== 'gelu') {
    throw new ProblemError({
      code: 'unknown-activation',
      message: `the model uses the activation ${shown(activation)}; only "gelu" is known`,
      where,
      next: 'Choose another model.',
    });
  }
  return { family, ...FAMILIES[family].readConfig(numbersOf(config, where)) };
}
