import { describe, expect, it } from 'vitest';
import { checkValue } from '../../../src/config/check/check-value.ts';
import { experimentSchema } from '../../../src/config/options/json-schema.ts';
import type { Option } from '../../../src/config/options/option-kinds.ts';
import { OPTIONS } from '../../../src/config/options/options.ts';
import { load } from 'js-yaml';

describe('the table of options', () => {
  it('has in its JSON schema every option, and what is required', () => {
    const schema = experimentSchema() as { required: string[]; properties: Record<string, { required?: string[] }> };
    expect(schema.required).toEqual(['model', 'data']);
    expect(schema.properties.model?.required).toEqual(['name']);
    expect(schema.properties.data?.required).toEqual(['uri']);
    const text = JSON.stringify(schema);
    for (const option of Object.values(OPTIONS)) expect(text).toContain(JSON.stringify(option.help));
  });

  it('accepts the default and the example of each option', () => {
    for (const [path, option] of Object.entries<Option>(OPTIONS)) {
      expect({ path, findings: checkValue(option, load(option.example)).findings }).toEqual({ path, findings: [] });
      if (!('default' in option)) continue;
      expect({ path, ...checkValue(option, option.default) }).toEqual({ path, value: option.default, findings: [] });
    }
  });
});
