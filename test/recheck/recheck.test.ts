import { describe, expect, it, test } from 'vitest';
import { proofs } from '../../lib/certificates/registry.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import { certificateSchema } from '../../lib/model/certificate.ts';
import { checks } from '../../recheck/checks/registry.ts';
import { sale } from '../invariants/notation.ts';
import { certified, newFolder, recheckOf, violationsOf, writeRun } from './certified.ts';
import { violated } from './violated.ts';

const cases = Object.entries(violated).flatMap(([invariant, notations]) =>
  Object.entries(notations).map(([name, notation]) => ({ invariant, name, notation })),
);

test('every invariant can be certified, and every certificate rechecked', () => {
  const ids = invariants.map(({ id }) => id).sort();
  expect([...proofs.keys()].sort()).toEqual(ids);
  expect([...checks.keys()].sort()).toEqual(ids);
  expect(Object.keys(violated).sort()).toEqual(ids);
});

describe.each(cases)('$invariant, $name', ({ invariant, notation }) => {
  const evidence = sale(notation);
  const [finding] = violationsOf(evidence, [invariant]);

  it('proves itself', async () => {
    const certificate = certificateSchema.parse(certified(evidence, finding!));
    const result = await recheckOf(certificate, await newFolder());
    expect(result, result.lines.join('\n')).toMatchObject({ code: 0 });
  });

  it('proves itself, in whatever order it shows operations', async () => {
    const certificate = certified(evidence, finding!);
    const operations = certificate.operations.toReversed();
    const result = await recheckOf({ ...certificate, operations }, await newFolder());
    expect(result, result.lines.join('\n')).toMatchObject({ code: 0 });
  });

  it('is borne out by its run', async () => {
    const folder = await newFolder();
    const certificate = certified(evidence, finding!, await writeRun(evidence, folder));
    const result = await recheckOf(certificate, folder, folder);
    expect(result, result.lines.join('\n')).toMatchObject({ code: 0 });
  });

  it('has nothing in it that could be left out', async () => {
    const certificate = certified(evidence, finding!);
    const folder = await newFolder();
    for (const list of ['operations', 'rows'] as const) {
      for (const i of certificate[list].keys()) {
        const less = { ...certificate, [list]: certificate[list].toSpliced(i, 1) };
        expect((await recheckOf(less, folder)).code, `${list} ${i}`).toBe(1);
      }
    }
  });
});
