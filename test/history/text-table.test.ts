import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextTable } from '../../lib/history/text-table.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.integer({ min: 0, max: 3000 }).map((i) => `onsale-run-${i}`),
  fc.constantFrom('', '__proto__', '1', '01'),
);

it('numbers texts as a map would, whenever room is made', () => {
  const lists = fc.array(texts, { maxLength: 3000, size: 'max' });
  const room = fc.record({ at: fc.nat({ max: 3000 }), texts: fc.nat({ max: 9000 }) });
  fc.assert(
    fc.property(lists, texts, room, (list, other, more) => {
      const table = new TextTable();
      const map = new Map<string, number>();
      for (const [i, text] of list.entries()) {
        if (i === more.at) table.expect(more.texts);
        if (!map.has(text)) map.set(text, map.size);
        expect(table.add(text)).toBe(map.get(text));
      }
      expect(table.texts).toEqual([...map.keys()]);
      expect(table.find(other)).toBe(map.get(other) ?? -1);
      for (const text of [...map.keys(), ...list]) expect(table.find(text)).toBe(map.get(text));
    }),
    { numRuns: 50 },
  );
});
