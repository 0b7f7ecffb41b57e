import { WindowList } from '../../../lib/invariants/counter/windows.ts';

/**
 * What happened to a counter, and was seen of it; `2 taken [3,4]`, `mayTake`, `back`, `mayBack`, `moment`; `saw 5 [6,7]`, so
 * many were gone; `refused 5 [6,7]`, so many at least; `most 5 [6,7]`, at most. The operation k is of intent 100 + k, of
 * intent 7 where it is `taken@7`, and of none where it ends with `?`.
 */
export function counterOf(notation: string, slackMs = 0) {
  const lists = {
    taken: new WindowList(),
    mayTake: new WindowList(),
    givenBack: new WindowList(),
    mayGiveBack: new WindowList(),
    momentary: new WindowList(),
  };
  const namesOf: Readonly<Record<string, readonly (keyof typeof lists)[]>> = {
    taken: ['taken', 'mayTake'],
    mayTake: ['mayTake'],
    back: ['givenBack', 'mayGiveBack'],
    mayBack: ['mayGiveBack'],
    moment: ['momentary'],
  };
  const seen: { operation: number; start: number; end: number; low: number; high: number }[] = [];
  notation.split('; ').forEach((text, operation) => {
    const moved = /^(\d+) (\w+)(?:@(\d+))? \[(-?\d+),(\d+|)\](\?)?$/.exec(text);
    const saw = /^(\w+) (-?\d+) \[(\d+),(\d+)\]$/.exec(text);
    if (moved !== null) {
      const [, tickets, name, of, start, end, isNobodys] = moved;
      const own = of === undefined ? 100 + operation : Number(of);
      const intent = isNobodys === undefined ? own : -1;
      const window = {
        ...{ start: Number(start), end: end === '' ? Infinity : Number(end), intent, operation },
        tickets: Number(tickets),
      };
      for (const list of namesOf[name!]!) lists[list].add(window);
    } else {
      const [, how, gone, start, end] = saw!;
      const low = how === 'most' ? -Infinity : Number(gone);
      const high = how === 'refused' ? Infinity : Number(gone);
      seen.push({ operation, start: Number(start), end: Number(end), low, high });
    }
  });
  const column = (of: (each: (typeof seen)[number]) => number) => Float64Array.from(seen, of);
  return {
    slackMs,
    stock: {
      taken: lists.taken.build(),
      mayTake: lists.mayTake.build(),
      givenBack: lists.givenBack.build(),
      mayGiveBack: lists.mayGiveBack.build(),
      momentary: lists.momentary.build(),
    },
    seen: {
      length: seen.length,
      operation: Int32Array.from(seen, ({ operation }) => operation),
      start: column(({ start }) => start),
      end: column(({ end }) => end),
      low: column(({ low }) => low),
      high: column(({ high }) => high),
    },
  };
}
