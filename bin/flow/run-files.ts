import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The names in a run's folder, in the order in which they come to be. */
export const runFiles = {
  manifest: 'manifest.json',
  sla: 'sla.yaml',
  intents: 'intents.json',
  fixture: 'fixture.json',
  log: 'k6.log',
  history: 'history.ndjson',
  state: 'state.json',
  certificates: 'certificates',
  verdict: 'verdict.json',
  report: 'report',
} as const;

export const inRun = (folder: string, name: keyof typeof runFiles): string =>
  join(folder, runFiles[name]);

/** The file as it is there, plain or packed (`.gz`); null where it is neither. */
export function foundInRun(folder: string, name: keyof typeof runFiles): string | null {
  const path = inRun(folder, name);
  return [path, `${path}.gz`].find((one) => existsSync(one)) ?? null;
}
