import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asRunFailure, writeArtefact } from '../lib/artefacts/write.ts';
import { renderers } from './registry.ts';
import type { ReportInput } from './report.ts';

/**
 * Draws every report into `folder`, which is made where it is missing; returns the paths written. Throws a RunFailure
 * where the folder or a file cannot be written.
 */
export async function writeReports(input: ReportInput, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw asRunFailure(folder, cause);
  });
  const paths: string[] = [];
  for (const renderer of renderers) {
    for (const { name, content } of await renderer.render(input)) {
      const path = join(folder, name);
      await writeArtefact(path, content);
      paths.push(path);
    }
  }
  return paths;
}
