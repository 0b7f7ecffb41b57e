import type { History } from '../lib/history/history.ts';
import type { Manifest } from '../lib/model/manifest.ts';
import type { IntentsFile } from '../lib/model/plan.ts';
import type { Verdict } from '../lib/model/verdict.ts';

/** All that a report is drawn from. A report computes no verdict: it shows the one it is given. */
export interface ReportInput {
  readonly verdict: Verdict;
  readonly manifest: Manifest;
  readonly history: History;
  readonly intents: IntentsFile;
  /** Invariant id → its plain statement; an id without one is shown by its name. */
  readonly statements: Readonly<Record<string, string>>;
  /** The run's folder as the reader can type it; it goes into the commands that a report suggests. */
  readonly runFolder: string;
  /** The target as the reader can type it after `--target`. */
  readonly typedTarget: string;
}

export interface ReportFile {
  /** A bare file name, no folder. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** One kind of report: a folder here, listed in registry.ts. Pure but for reading its own fonts. */
export interface Renderer {
  readonly id: string;
  readonly render: (input: ReportInput) => Promise<readonly ReportFile[]>;
}
