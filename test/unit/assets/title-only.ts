/** A judgement as a title-only classifier sees it. */
export interface TitleRow {
  readonly title: string;
  readonly label: string;
}

/**
 * Share of `test` that multinomial naive Bayes on the titles' words (add-one smoothing), trained on `train`, labels
 * right, minus the share of the most frequent label of `test`.
 */
export function gainOverMajority(train: readonly TitleRow[], test: readonly TitleRow[]): number {
  const labels = [...new Set(train.map((row) => row.label))];
  const vocabulary = new Set(train.flatMap((row) => wordsOf(row.title)));
  const models = labels.map((label) => {
    const rows = train.filter((row) => row.label === label);
    const counts = new Map<string, number>();
    let total = 0;
    for (const word of rows.flatMap((row) => wordsOf(row.title))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      total++;
    }
    const logOf = (word: string) => Math.log(((counts.get(word) ?? 0) + 1) / (total + vocabulary.size));
    return { label, prior: Math.log(rows.length / train.length), logOf };
  });
  const predict = (title: string) => {
    const words = wordsOf(title).filter((word) => vocabulary.has(word));
    const scored = models.map(({ label, prior, logOf }) => ({
      label,
      score: words.reduce((sum, word) => sum + logOf(word), prior),
    }));
    return scored.reduce((best, each) => (each.score > best.score ? each : best)).label;
  };
  const nRight = test.filter((row) => predict(row.title) === row.label).length;
  const nMost = Math.max(...labels.map((label) => test.filter((row) => row.label === label).length));
  return (nRight - nMost) / test.length;
}

function wordsOf(title: string): string[] {
  return title.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? [];
}
