/** The code that reads experiments' texts, loaded when the first one is open: parsing YAML is no part of the editor's start. */
export async function configCode() {
  const [parse, complete, outline] = await Promise.all([
    import('../../config/check/parse-experiment.ts'),
    import('../../config/language/completions.ts'),
    import('../../config/language/outline.ts'),
  ]);
  return { ...parse, ...complete, ...outline };
}
