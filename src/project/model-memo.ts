const memos: { forget(): void }[] = [];

/**
 * Facts that are derived of model objects and kept beside them, until {@link forgetModels}.
 *
 * Not a `WeakMap`: V8's quick garbage collection takes the values of one for reachable. With seven of them whose values led
 * to models, 140 KB of each file lived on until the next full collection, and a sixth of a run was spent copying it.
 */
export class ModelMemo<Key extends object, Value> {
  #values = new Map<Key, Value>();

  constructor() {
    memos.push(this);
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  set(key: Key, value: Value): void {
    this.#values.set(key, value);
  }

  forget(): void {
    // A new map, because a cleared one that is old still leads to what it held.
    if (this.#values.size > 0) this.#values = new Map();
  }
}

/** Drops everything that was derived: its models were judged, and are not asked again. */
export function forgetModels(): void {
  for (const memo of memos) memo.forget();
}
