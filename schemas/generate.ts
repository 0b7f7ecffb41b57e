import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { certificateSchema } from '../lib/model/certificate.ts';
import { findingSchema } from '../lib/model/finding.ts';
import { fixtureSchema } from '../lib/model/fixture.ts';
import { manifestSchema } from '../lib/model/manifest.ts';
import { operationSchema } from '../lib/model/operation.ts';
import { intentsFileSchema } from '../lib/model/plan.ts';
import { slaSchema } from '../lib/model/sla.ts';
import { stateSchema } from '../lib/model/state.ts';
import { verdictSchema } from '../lib/model/verdict.ts';

/** One JSON Schema for each file that Onsale reads or writes, and for one line of history.ndjson. */
const published = {
  certificate: { schema: certificateSchema, title: 'certificates/<invariant>.json' },
  finding: { schema: findingSchema, title: 'One finding in verdict.json' },
  fixture: { schema: fixtureSchema, title: 'fixture.json' },
  intents: { schema: intentsFileSchema, title: 'intents.json' },
  manifest: { schema: manifestSchema, title: 'manifest.json' },
  operation: { schema: operationSchema, title: 'One line of history.ndjson' },
  sla: { schema: slaSchema, title: 'thresholds/*.yaml' },
  state: { schema: stateSchema, title: 'state.json' },
  verdict: { schema: verdictSchema, title: 'verdict.json' },
} as const;

export const publishedNames = Object.keys(published) as (keyof typeof published)[];

/**
 * The text of `<name>.schema.json`, JSON Schema draft 2020-12. It describes what stands in the file, so `300ms` and
 * not the number it is read as.
 */
export function schemaText(name: keyof typeof published): string {
  const { schema, title } = published[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ $schema, title: `Onsale: ${title}`, ...rest }, null, 2)}\n`;
}

/** `npx tsx schemas/generate.ts` writes them beside this file. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of publishedNames) {
    writeFileSync(new URL(`${name}.schema.json`, import.meta.url), schemaText(name));
  }
}
