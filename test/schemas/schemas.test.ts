import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { judgeObjectives, judgeValidity } from '../../lib/sla/judge.ts';
import { totalsOf } from '../../lib/sla/totals.ts';
import { publishedNames, schemaText } from '../../schemas/generate.ts';
import { evidence, operation, series, soldOut } from '../sla/evidence.ts';

const folder = new URL('../../schemas/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

function validator(name: string) {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
  return ajv.compile(JSON.parse(read(`${name}.schema.json`)));
}

describe('the published schemas', () => {
  it.each(publishedNames)('%s is what `npx tsx schemas/generate.ts` writes', (name) => {
    expect(read(`${name}.schema.json`)).toBe(schemaText(name));
  });

  it('are all of them', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    expect(files.sort()).toEqual(publishedNames.map((name) => `${name}.schema.json`).sort());
  });

  it('the default SLA fits, a mistake does not', () => {
    const fits = validator('sla');
    const path = new URL('../../thresholds/purchase-burst.yaml', import.meta.url);
    const sla = parse(readFileSync(path, 'utf8'));
    expect(fits(sla), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...sla, objectives: [{ ...sla.objectives[0], lte: 300 }] })).toBe(false);
    expect(fits({ ...sla, unknown: 1 })).toBe(false);
  });

  it('a line of history fits, a mistake does not', () => {
    const fits = validator('operation');
    expect(fits(operation()), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...operation(), outcome: 'perhaps' })).toBe(false);
  });

  it('a real verdict fits, a mistake does not', () => {
    const judging = evidence({
      objectives: [
        { id: 'a', kind: 'latency', quantile: 0.99, lte: '1s' },
        { id: 'b', kind: 'timeToSoldOut', lte: '1s' },
        { id: 'c', kind: 'invariants' },
      ],
      operations: series(600, (i) => (i < 500 ? {} : soldOut)),
      planned: Array.from({ length: 600 }, (_, i) => i * 10),
    });
    const verdict = verdictSchema.parse({
      schemaVersion: SCHEMA_VERSION,
      run: { runId: 'r', scenario: 's', target: 't', url: 'u', createdAt: 'now', seed: 1 },
      result: 'pass',
      interrupted: false,
      reasons: [],
      totals: totalsOf(judging),
      validity: judgeValidity(judging),
      objectives: judgeObjectives(judging),
      findings: [],
      notJudged: [{ invariant: 'double-allocation', because: 'The pools have no seats.' }],
    });
    const fits = validator('verdict');
    expect(fits(verdict), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...verdict, result: 'good' })).toBe(false);
  });
});
