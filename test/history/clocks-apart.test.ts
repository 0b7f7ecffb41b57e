import { describe, expect, it } from 'vitest';
import { clocksApart } from '../../lib/history/clocks-apart.ts';
import { historyOf } from '../../lib/history/columns.ts';
import type { Fixture } from '../../lib/model/fixture.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { operation } from '../invariants/notation.ts';

const asked = (given: Partial<Operation> & { start: number; end: number }): Operation => ({
  ...operation({ ...{ intent: 'i1', pool: 'A', quantity: 1, outcome: 'ok' }, ...given }),
  session: given.session ?? given.start,
});

const dated = (
  intent: string | null,
  createdAt: number,
  id = `${intent}-${createdAt}`,
): OrderRow => ({
  ...{ id, pool: 'A', quantity: 1, status: 'live', buyer: '', intent, createdAt },
});

interface Given {
  readonly rows?: readonly OrderRow[];
  readonly fixture?: Partial<Fixture>;
}

const apart = (operations: readonly Operation[], { rows, fixture = {} }: Given = {}) =>
  clocksApart({
    history: historyOf(operations),
    fixture: { baselineOrders: [], buyers: [], ...fixture },
    state: rows === undefined ? null : { orders: [...rows] },
  });

const recordersMs = (...operations: Operation[]) => apart(operations).recordersMs;

describe('recorders', () => {
  it('agree where nothing is recorded', () => {
    expect(apart([])).toEqual({ recordersMs: 0, shopMs: 0 });
    expect(apart([], { rows: [dated('i1', 5)] })).toEqual({ recordersMs: 0, shopMs: 0 });
  });

  it('contradict themselves in what ends before it starts', () => {
    expect(recordersMs(asked({ start: 5, end: 5 }), asked({ start: 100, end: 40 }))).toBe(60);
  });

  it('contradict themselves in a session that does two things at once, by the less it can be', () => {
    const first = asked({ session: 1, start: 0, end: 50 });
    expect(recordersMs(first, asked({ session: 1, start: 50, end: 60 }))).toBe(0);
    expect(recordersMs(first, asked({ session: 1, start: 30, end: 90 }))).toBe(20);
    expect(recordersMs(first, asked({ session: 1, start: 10, end: 15 }))).toBe(15);
    expect(recordersMs(first, asked({ session: 2, start: 10, end: 15 }))).toBe(0);
    expect(
      recordersMs(
        first,
        asked({ session: 1, start: 1, end: 2 }),
        asked({ session: 1, start: 20, end: 80 }),
      ),
    ).toBe(30);
  });

  it('take a line that stands there twice for no clock', () => {
    const line = asked({ session: 1, start: 0, end: 50 });
    expect(recordersMs(line, line)).toBe(0);
  });

  describe('where an order is named before anybody asked for it', () => {
    const hold = asked({ kind: 'hold', order: 'o1', start: 100, end: 120 });
    const pay = (given: Partial<Operation>) =>
      asked({ kind: 'pay', order: 'o1', start: 20, end: 30, ...given });

    it('are off by as much', () => {
      expect(recordersMs(hold, pay({}))).toBe(70);
      expect(recordersMs(hold, pay({ outcome: 'refused' }))).toBe(70);
      expect(recordersMs(hold, pay({ end: 100 }))).toBe(0);
    });

    it('may have asked before, or it may have been ready, or somebody else’s', () => {
      const before = asked({ kind: 'hold', outcome: 'info', start: 10, end: 90 });
      expect(recordersMs(before, hold, pay({}))).toBe(0);
      expect(recordersMs(hold, pay({ order: 'o2' }))).toBe(0);
      expect(recordersMs(hold, pay({ intent: 'i2' }))).toBe(0);
      expect(recordersMs(hold, { ...hold, intent: 'i2', session: 9 }, pay({}))).toBe(0);
      const ready = { baselineOrders: ['o1'] };
      expect(apart([hold, pay({})], { fixture: ready }).recordersMs).toBe(0);
      const own = { buyers: [{ id: 'u1', order: 'o1' }] };
      expect(apart([hold, pay({})], { fixture: own }).recordersMs).toBe(0);
    });
  });
});

describe('rows with a time', () => {
  const two = [
    asked({ intent: 'i1', start: 0, end: 10 }),
    asked({ intent: 'i2', start: 2000, end: 2030 }),
  ];

  it('fit one difference of the shop’s clock, or show that recorders differ', () => {
    expect(apart(two, { rows: [dated('i1', 505), dated('i2', 2511)] })).toEqual({
      recordersMs: 0,
      shopMs: 495,
    });
    expect(apart(two, { rows: [dated('i1', -495), dated('i2', 1511)] })).toEqual({
      recordersMs: 0,
      shopMs: 494,
    });
    expect(apart(two, { rows: [dated('i1', 505), dated('i2', 511)] }).recordersMs).toBe(495 + 1488);
  });

  it('may be in whole seconds', () => {
    const seconds = { rows: [dated('i1', 1000), dated('i2', 2000)] };
    expect(apart(two, seconds).recordersMs).toBe(0);
    expect(apart(two, { rows: [dated('i1', 1000), dated('i2', 2001)] }).recordersMs).toBe(988);
  });

  it('say nothing of who was never told, or never asked, nor of orders that stood ready', () => {
    const lost = asked({ intent: 'i1', start: 0, end: 10, outcome: 'info' });
    expect(
      apart([lost, two[1]!], { rows: [dated('i1', 9005), dated('i2', 2011)] }).recordersMs,
    ).toBe(0);
    const read = asked({ intent: 'i3', kind: 'status', session: 9, start: 0, end: 1 });
    expect(
      apart([...two, read], { rows: [dated('i3', 9005), dated(null, 3), dated('i9', 3)] }),
    ).toEqual({ recordersMs: 0, shopMs: 0 });
    const early = { rows: [dated('i1', -9000, 'o1'), dated('i2', 2011)] };
    expect(apart(two, early).recordersMs).toBe(8980);
    expect(apart(two, { ...early, fixture: { baselineOrders: ['o1'] } }).recordersMs).toBe(0);
    expect(
      apart(two, { ...early, fixture: { buyers: [{ id: 'u', order: 'o7' }] } }).recordersMs,
    ).toBe(0);
  });
});
