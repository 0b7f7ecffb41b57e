import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, test } from 'vitest';
import type { Fixture } from '../../lib/model/fixture.ts';
import type { Admin, Connection } from '../../lib/targets/admin.ts';
import {
  type Ahead,
  aheadBy,
  commonTo,
  driftSince,
  skewOf,
  withMeasuredSkew,
} from '../../lib/targets/target-clock.ts';

test('the difference of two clocks lies between what their readings leave open, and not far', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.double({ min: -5000, max: 5000, noNaN: true }),
      fc.tuple(fc.nat(30), fc.nat(30)),
      fc.constantFrom(1, 1000),
      async (at, aheadMs, [there, back], grainMs) => {
        let moment = 1e9 + at;
        const now = () => Math.floor(moment);
        const ask = async () => {
          const told = Math.floor((moment + there + aheadMs) / grainMs) * grainMs;
          moment += there + back;
          return told;
        };
        const { min, max } = await aheadBy(ask, { grainMs, now });
        expect(min).toBeLessThanOrEqual(aheadMs);
        expect(max).toBeGreaterThanOrEqual(aheadMs);
        expect(max - min).toBeLessThanOrEqual(there + back + grainMs + 2);
      },
    ),
  );
});

test('several looks leave open what all of them do, or any where they contradict each other', () => {
  const looks = [
    { min: -900, max: 100 },
    { min: -100, max: 900 },
  ];
  expect(commonTo(looks)).toEqual({ min: -100, max: 100 });
  expect(commonTo([...looks, { min: 101, max: 200 }])).toEqual({ min: -900, max: 900 });
});

test('a skew is certain only where one clock is certainly ahead', () => {
  expect(skewOf({ min: -3, max: 2 })).toEqual({ min: 0, max: 3 });
  expect(skewOf({ min: 1990, max: 2010 })).toEqual({ min: 1990, max: 2010 });
  expect(skewOf({ min: -2010.5, max: -1990 })).toEqual({ min: 1990, max: 2011 });
});

describe('a target', () => {
  let server: Server | null = null;
  afterEach(async () => {
    await new Promise((closed) => server?.close(closed));
    server = null;
  });

  /** One whose replies bear such a date, whatever they are. */
  async function told(date: () => string | null): Promise<Connection> {
    server = createServer((_, reply) => {
      reply.sendDate = false;
      const header = date();
      if (header !== null) reply.setHeader('Date', header);
      reply.writeHead(404).end();
    });
    await new Promise<void>((open) => server!.listen(0, '127.0.0.1', open));
    const { port } = server.address() as AddressInfo;
    const common = { databaseUrl: null, token: null, options: {}, timeoutMs: 5000 };
    const { signal } = new AbortController();
    return { ...common, url: `http://127.0.0.1:${port}`, signal, onProgress: () => undefined };
  }
  const off = (ms: number) => () => new Date(Date.now() + ms).toUTCString();
  const admin = {} as Admin;
  const timed = (rules: Fixture['rules']): Fixture => ({
    ...{ schemaVersion: 1, access: 'http', event: '', pools: [], buyers: [], baselineOrders: [] },
    ...(rules !== undefined && { rules }),
  });

  it.each([2000, -2000])('that is off by %i ms is seen by the date of its replies', async (ms) => {
    const connection = await told(off(ms));
    const { rules } = await withMeasuredSkew(admin, connection, timed({ holdMs: 50 }));
    expect(rules).toEqual({ holdMs: 50, clockSkewMs: expect.any(Number) });
    expect(rules!.clockSkewMs).toBeGreaterThanOrEqual(2000);
    expect(rules!.clockSkewMs).toBeLessThan(3000);
    const later = { admin, connection };
    expect(await driftSince(timed(rules), later)).toBe(0);
    expect(await driftSince(timed({ holdMs: 50, clockSkewMs: 500 }), later)).toBeGreaterThanOrEqual(
      1500,
    );
  });

  it('is believed to be off as far as was said, if it may be', async () => {
    const connection = await told(off(0));
    const said = timed({ opensAt: 5, clockSkewMs: 0 });
    expect(await withMeasuredSkew(admin, connection, said)).toEqual(said);
  });

  it('is asked for the time only where something was promised of times', async () => {
    const never: Admin = { ...admin, clock: () => Promise.reject(new Error('asked')) };
    const connection = await told(off(2000));
    for (const fixture of [timed(undefined), timed({ atomic: true })]) {
      expect(await withMeasuredSkew(never, connection, fixture)).toBe(fixture);
      expect(await driftSince(fixture, { admin: never, connection })).toBe(0);
    }
  });

  it('that tells no time, or none that can be read, leaves everything as it is, and says so', async () => {
    for (const date of [null, 'yesterday']) {
      const notices: string[] = [];
      const connection = {
        ...(await told(() => date)),
        onNotice: (text: string) => notices.push(text),
      };
      const fixture = timed({ closesAt: 5 });
      expect(await withMeasuredSkew(admin, connection, fixture)).toBe(fixture);
      expect(notices).toEqual(['The target tells no time, so its clock is taken for ours.']);
      await new Promise((closed) => server?.close(closed));
      expect(await driftSince(fixture, { admin, connection })).toBe(0);
    }
  });

  it('is compared as its adapter knows best', async () => {
    const clock = async (): Promise<Ahead> => ({ min: 40, max: 44.5 });
    const exact: Admin = { ...admin, clock };
    const connection = await told(() => null);
    const { rules } = await withMeasuredSkew(
      exact,
      connection,
      timed({ holdMs: 1, clockSkewMs: 9 }),
    );
    expect(rules?.clockSkewMs).toBe(45);
    expect(
      await driftSince(timed({ holdMs: 1, clockSkewMs: 9 }), { admin: exact, connection }),
    ).toBe(36);
  });
});
