/**
 * Records that are keyed by names from files (metrics, rankers, options): a name may be that of something every object
 * inherits, such as `constructor`, or the key `__proto__`, which an assignment takes for something else.
 */

/** The record's own value of a name; undefined where it has none, whatever objects inherit. */
export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined;
export function ownOf<T>(record: Readonly<Record<string, T>> | undefined, name: string | undefined): T | undefined;
export function ownOf<T>(record: Readonly<Record<string, T>> | undefined, name: string | undefined): T | undefined {
  return record !== undefined && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Sets the record's own value of a name. */
export function setOwn<T>(record: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
}
