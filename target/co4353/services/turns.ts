/** Runs tasks of the same key one after the other, in the order in which they came. */
export function inTurns(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = last.get(key);
    const result = before === undefined ? task() : before.then(task);
    // Whoever comes next waits for the end of this one, whatever the end is.
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, ended);
    try {
      return await result;
    } finally {
      if (last.get(key) === ended) last.delete(key);
    }
  };
}
