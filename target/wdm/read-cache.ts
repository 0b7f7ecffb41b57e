const ENTRIES_MAX = 10_000;

/**
 * What a process has read since it last committed anything. The services of 2021 keep one database session open and
 * look into it first, so a read may be as old as the process's last commit; those of 2024 ask the database each time.
 */
export class ReadCache {
  readonly #keeps: boolean;
  readonly #entries = new Map<string, unknown>();
  #commits = 0;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** What was read before, or what `load` reads now; that there is nothing is not remembered. */
  async read<Row>(key: string, load: () => Promise<Row | null>): Promise<Row | null> {
    const kept = this.#entries.get(key);
    if (kept !== undefined) return kept as Row;
    const commits = this.#commits;
    const row = await load();
    if (this.#keeps && row !== null && commits === this.#commits) this.#keep(key, row);
    return row;
  }

  /** To be called after every commit of this process. */
  forget(): void {
    this.#commits += 1;
    this.#entries.clear();
  }

  #keep(key: string, row: unknown): void {
    if (this.#entries.size >= ENTRIES_MAX) this.#entries.clear();
    this.#entries.set(key, row);
  }
}
