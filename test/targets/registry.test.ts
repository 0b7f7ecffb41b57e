import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageFailure } from '../../lib/model/failure.ts';
import { findTarget, targets } from '../../lib/targets/registry.ts';

test('every target is found by its name and has its protocol where it says', () => {
  for (const target of targets) {
    expect(findTarget(target.name)).toBe(target);
    expect(existsSync(new URL(`../../${target.protocolPath}`, import.meta.url))).toBe(true);
  }
  expect(new Set(targets.map((target) => target.name)).size).toBe(targets.length);
});

test.each(['primepas', '', '__proto__', 'constructor'])('unknown: %j', (name) => {
  expect(() => findTarget(name)).toThrow(UsageFailure);
});

test('the nearest is proposed, hostile names are shown without control characters', () => {
  expect(() => findTarget('prime\u001b[31mpass')).toThrow(
    /got "prime \[31mpass".*Did you mean primepass/,
  );
});
