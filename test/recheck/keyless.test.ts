import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAll } from '../../lib/invariants/registry.ts';
import type { Certificate } from '../../lib/model/certificate.ts';
import { sale } from '../invariants/notation.ts';
import { oracleRuns, SEED } from '../invariants/oracle-runs.ts';
import { evidenceOf, keyless } from '../invariants/small-keyless.ts';
import { certified, newFolder, recheckOf, violationsOf, writeRun } from './certified.ts';

const SALES = oracleRuns(150);
const THREE = ['lost-purchase', 'phantom-order', 'refused-but-sold'];

const times = (count: number, of: (i: number) => string, between: string) =>
  Array.from({ length: count }, (_, i) => of(i)).join(between);

/** More of the run tells whose rows these may be than is shown, so it has to be counted again. */
const many: readonly (readonly [string, string, string])[] = [
  [
    'lost-purchase',
    'eleven rows for twelve purchases',
    `A 99; clock 1; ${times(12, (i) => `b${i} buy(1) A [${i},${i + 5}] ok`, '; ')}; F: ${times(11, () => '?×1 A', ', ')}`,
  ],
  [
    'lost-purchase',
    'too few in their time, enough afterwards',
    `A 99; clock 1; rule clockSkewMs=0; ${times(12, (i) => `b${i} buy(1) A [${i},40] ok`, '; ')}; F: ${times(22, (i) => `?×1 A at=${i < 11 ? 20 : 200}`, ', ')}`,
  ],
  [
    'phantom-order',
    'thirteen rows for twelve requests',
    `A 99; clock 1; exclusive; ${times(12, (i) => `b${i} buy(1) A [${i},${i + 5}] info`, '; ')}; F: ${times(13, () => '?×1 A', ', ')}`,
  ],
  [
    'stale-availability',
    'rows of buyers of the run, where others may buy',
    'A 9; clock 1; buyer u1: b1; buyer u2: b2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; r avail A [40,45] ok value=9; F: ?×1 A by=u1, ?×1 A by=u2',
  ],
  ...(['oversell-instant', 'oversell-final'] as const).map(
    (invariant) =>
      [
        invariant,
        'a cancelled row of somebody who bought twice',
        'A 1; clock 1; buyer u1: b1, b2; buyer u2: b3; buyer u3: b4; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,7] ok; b4 buy A [3,8] ok; F: ?×1 A cancelled by=u1, ?×1 A by=u2',
      ] as const,
  ),
  [
    'stale-availability',
    'one of three who bought has a cancelled row',
    'A 9; clock 1; exclusive; buyer u1: b1; buyer u2: b2; buyer u3: b3; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,7] ok; r avail A [40,45] ok value=9; F: ?×1 A by=u1, ?×1 A cancelled by=u2, ?×1 A by=u3',
  ],
  [
    'refused-but-sold',
    'twelve rows for eleven who bought and one who was refused',
    `A 99; clock 1; exclusive; ${times(12, (i) => `b${i} buy(1) A [${i},${i + 5}] ${i === 0 ? 'refused' : 'ok'}`, '; ')}; F: ${times(12, () => '?×1 A', ', ')}`,
  ],
];

async function genuineOf(invariant: string, notation: string) {
  const evidence = sale(notation);
  const [finding] = violationsOf(evidence, [invariant]);
  const folder = await newFolder();
  return { folder, genuine: certified(evidence, finding!, await writeRun(evidence, folder)) };
}

describe.each(many)('%s, %s', (invariant, _, notation) => {
  it('is borne out by its run, and says that it cannot be by itself', async () => {
    const { folder, genuine } = await genuineOf(invariant, notation);
    expect((await recheckOf(genuine, folder, folder)).code).toBe(0);
    const { code, lines } = await recheckOf(genuine, folder);
    expect([code, lines.join(' ')]).toEqual([1, expect.stringContaining('Not proven by itself')]);
  });
});

const oneBuyer =
  'A 9; clock 1; buyer u1: b1, b2, b3; buyer u2: b4; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused; b4 buy(1) A [6,9] ok';

/** What somebody could say who wanted to accuse the shop without a ground. */
const forgeries: readonly (readonly [string, string, string, (of: Certificate) => Certificate])[] =
  [
    [
      'a purchase is left out that has a row',
      'lost-purchase',
      `${oneBuyer}; F: ?×1 A by=u1, ?×1 A by=u2`,
      (of) => ({
        ...of,
        operations: of.operations.slice(1),
        counts: { ...of.counts, operations: 1 },
      }),
    ],
    [
      'a row is left out',
      'lost-purchase',
      `${oneBuyer}; F: ?×1 A by=u1, ?×1 A by=u2`,
      (of) => ({ ...of, rows: [], counts: { ...of.counts, rows: 0, tickets: 0 } }),
    ],
    [
      'the other buyer’s purchase is said to be among them',
      'lost-purchase',
      `${oneBuyer}; F: ?×1 A by=u1, ?×1 A by=u2`,
      (of) => ({ ...of, about: { ...of.about, buyer: 'u2' } }),
    ],
    [
      'a request is left out',
      'phantom-order',
      `${oneBuyer}; exclusive; F: ${times(4, () => '?×1 A by=u1', ', ')}`,
      (of) => ({
        ...of,
        operations: of.operations.slice(1),
        counts: { ...of.counts, operations: 2 },
      }),
    ],
    [
      'nobody vouched',
      'phantom-order',
      `${oneBuyer}; exclusive; F: ${times(4, () => '?×1 A by=u1', ', ')}`,
      (of) => ({
        ...of,
        restsOn: { ...of.restsOn, fixture: { ...of.restsOn.fixture, exclusive: false } },
      }),
    ],
    [
      'it is said of nobody',
      'refused-but-sold',
      `${oneBuyer}; exclusive; F: ${times(3, () => '?×1 A by=u1', ', ')}`,
      ({ about: { buyer: _, ...about }, ...of }) => ({ ...of, about }),
    ],
  ];

describe('forged for rows without keys', () => {
  it.each(forgeries)('%s: %s is not proven', async (_, invariant, notation, forge) => {
    const { folder, genuine } = await genuineOf(invariant, notation);
    expect((await recheckOf(genuine, folder, folder)).code).toBe(0);
    expect((await recheckOf(forge(genuine), folder, folder)).code).toBe(1);
  });
});

describe(`random sales without keys, seed ${SEED}`, () => {
  it(
    'whatever is violated is certified and borne out, and nothing else can be',
    async () => {
      const folder = await newFolder();
      let found = 0;
      await fc.assert(
        fc.asyncProperty(keyless({ quantityMax: 2, murky: true }), async (small) => {
          const evidence = { ...evidenceOf(small), clockErrorMs: Math.max(small.clockErrorMs, 1) };
          const files = await writeRun(evidence, folder);
          for (const finding of decideAll(evidence, THREE)) {
            const { invariant, witness } = finding;
            const isViolated = finding.value === 'violated';
            const shown = invariant === 'phantom-order' ? witness?.rows : witness?.operations;
            if (witness === null || (!isViolated && shown?.length === 0)) continue;
            const accusation = { value: 'violated' as const, count: 1, summary: '' };
            const accused =
              finding.value === 'violated' ? finding : { ...accusation, invariant, witness };
            const certificate = certified(evidence, accused, files);
            const { code, lines } = await recheckOf(certificate, folder, folder);
            if (isViolated) found++;
            expect(code === 0, `${invariant}\n${lines.join('\n')}`).toBe(isViolated);
          }
        }),
        { numRuns: SALES, seed: SEED },
      );
      expect(found).toBeGreaterThan(SALES / 5);
    },
    60_000 + SALES * 100,
  );
});
