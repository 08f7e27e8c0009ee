/** What is wrong with a parquet file, as the second half of a sentence: `its footer ends early`. Whoever opened the file adds the rest. */
export class Damage extends Error {
  constructor(how: string, options?: ErrorOptions) {
    super(how, options);
    this.name = 'Damage';
  }
}
