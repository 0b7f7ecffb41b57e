import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { parseArtefact, readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { operationLine, readLine } from '../../lib/history/line.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { fixtureSchema } from '../../lib/model/fixture.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import { operationSchema } from '../../lib/model/operation.ts';
import { intentsFileSchema } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import { stateSchema } from '../../lib/model/state.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { operations } from '../history/operations.ts';
import { fixtures, intentsFiles, manifests, states } from './foreign-artefacts.ts';

const root = dirname(dirname(import.meta.dirname));

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
const fits = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(join(root, 'schemas', `${name}.schema.json`), 'utf8')));

interface Artefact {
  readonly name: string;
  readonly schema: z.ZodType<unknown>;
  readonly values: fc.Arbitrary<object>;
}
const artefacts: readonly Artefact[] = [
  { name: 'state', schema: stateSchema, values: states },
  { name: 'fixture', schema: fixtureSchema, values: fixtures },
  { name: 'intents', schema: intentsFileSchema, values: intentsFiles },
  { name: 'manifest', schema: manifestSchema, values: manifests },
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onsale-round-trip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Values at any depth with up to two things odd; what is odd may be right nevertheless. */
const doubtful = (values: fc.Arbitrary<object>) =>
  fc
    .tuple(values, fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 2 }))
    .map(([value, changes]) => {
      const copy = JSON.parse(JSON.stringify(value)) as object;
      for (const [place, how] of changes) change(copy, place, how);
      return copy;
    });

const ODD: readonly unknown[] = [null, -1, 1.5, '', 'x'.repeat(3000), [], {}, true];

function change(root: object, place: number, how: number): void {
  const holders: object[] = [root];
  for (const holder of holders) {
    for (const inner of Object.values(holder)) {
      if (typeof inner === 'object' && inner !== null) holders.push(inner);
    }
  }
  const holder = holders[place % holders.length] as Record<string, unknown>;
  const keys = [...Object.keys(holder), 'more'];
  const key = keys[Math.floor(place / holders.length) % keys.length]!;
  if (place % 5 === 0 && !Array.isArray(holder)) delete holder[key];
  else if (!Array.isArray(holder) || key !== 'more') holder[key] = structuredClone(ODD[how]);
}

describe.each(artefacts)('$name.json', ({ name, schema, values }) => {
  test('is read as it was written, plain and packed, and fits its JSON Schema', async () => {
    const valid = fits(name);
    const path = join(folder, `${name}.json`);
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const text = `${JSON.stringify(value)}\n`;
        expect(valid(JSON.parse(text)), JSON.stringify(valid.errors)).toBe(true);
        await writeArtefact(path, text);
        expect(await readArtefact(path, schema, 'a file')).toEqual(value);
        const packed = join(folder, `packed-${name}.json`);
        writeFileSync(`${packed}.gz`, gzipSync(text));
        expect(await readArtefact(packed, schema, 'a file')).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  test('is refused by the reader exactly where its JSON Schema refuses it', () => {
    const valid = fits(name);
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(doubtful(values), (value) => {
        const text = JSON.stringify(value);
        const good = valid(value);
        seen[good ? 'good' : 'bad']++;
        if (good) expect(parseArtefact(text, schema, 'a file', 'here')).toEqual(value);
        else expect(() => parseArtefact(text, schema, 'a file', 'here')).toThrow(UsageFailure);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(20);
  });

  test('of another version is refused, a newer one by its number', () => {
    const [value] = fc.sample(values, 1) as [Record<string, unknown>];
    const read = (schemaVersion: unknown) =>
      parseArtefact(JSON.stringify({ ...value, schemaVersion }), schema, 'a file', 'here');
    expect(read(SCHEMA_VERSION)).toEqual(value);
    for (const newer of [SCHEMA_VERSION + 1, SCHEMA_VERSION + 0.5, 999]) {
      expect(() => read(newer)).toThrow(`schemaVersion ${newer}, written by a newer Onsale`);
    }
    for (const other of [0, -1, '1', null, undefined, [1]]) {
      expect(() => read(other)).toThrow(UsageFailure);
    }
  });
});

test('a line is read as it was written, and fits its JSON Schema', () => {
  const valid = fits('operation');
  fc.assert(
    fc.property(operations, (operation) => {
      const line = operationLine(operation);
      expect(line).not.toContain('\n');
      expect(readLine(line)).toEqual({ operation });
      expect(valid(JSON.parse(line)), JSON.stringify(valid.errors)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a line that has what a newer version might add is damage, not half understood', () => {
  const [operation] = fc.sample(operations, 1);
  for (const newer of [{ row: 'A' }, { kind: 'teleport' }, { outcome: 'maybe' }]) {
    const line = JSON.stringify({ ...operation, ...newer });
    expect(readLine(line)).toHaveProperty('damage');
  }
});

const FILES: Readonly<Record<string, z.ZodType<unknown>>> = {
  state: stateSchema,
  fixture: fixtureSchema,
  intents: intentsFileSchema,
  manifest: manifestSchema,
  verdict: verdictSchema,
};
const recorded = readdirSync(join(root, 'examples'), { recursive: true }).map(String);

test.each(recorded.filter((path) => path.endsWith('.json')))('examples/%s fits', (path) => {
  const name = /(\w+)\.json$/.exec(path)![1]!;
  const text = readFileSync(join(root, 'examples', path), 'utf8');
  const valid = fits(name);
  expect(valid(JSON.parse(text)), JSON.stringify(valid.errors)).toBe(true);
  expect(parseArtefact(text, FILES[name]!, 'a file', path)).toEqual(JSON.parse(text));
});

test.each(recorded.filter((path) => path.endsWith('.ndjson')))('examples/%s fits', (path) => {
  const valid = fits('operation');
  const lines = readFileSync(join(root, 'examples', path), 'utf8')
    .trimEnd()
    .split('\n');
  for (const line of lines) {
    expect(valid(JSON.parse(line)), line).toBe(true);
    operationSchema.parse(JSON.parse(line));
  }
});
