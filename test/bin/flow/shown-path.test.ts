import { expect, it } from 'vitest';
import { shownPath } from '../../../bin/flow/shown-path.ts';

it.each([
  ['/a/runs/x', '/a', 'runs/x'],
  ['/a/runs/x', '/b', '/a/runs/x'],
  ['/a', '/a', '/a'],
  ['/a/..b', '/a', '/a/..b'],
])('%s seen from %s is %s', (path, from, shown) => {
  expect(shownPath(path, from)).toBe(shown);
});
