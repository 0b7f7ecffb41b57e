import { readArtefactText } from '../../lib/artefacts/read.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import type { Sla } from '../../lib/model/sla.ts';
import { loadSla } from '../../lib/sla/load.ts';

/** A hundred times the largest one anybody writes by hand. */
const SLA_BYTES_MAX = 256 * 1024;

/** Reads and checks an SLA file once; the text is what goes into a run's folder. Throws a `UsageFailure`. */
export async function readSlaFile(path: string): Promise<{ text: string; sla: Sla }> {
  const text = await readArtefactText(path, 'an SLA file (YAML); thresholds/ holds examples', {
    bytesMax: SLA_BYTES_MAX,
  });
  return { text, sla: loadSla(text, path, { invariants: invariants.map(({ id }) => id) }) };
}
