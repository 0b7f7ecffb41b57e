import { expect, test } from 'vitest';
import { co4353 } from '../../../target/facades/co4353.ts';

const accepts = (name: string, value: string) =>
  co4353.options.find((option) => option.name === name)?.accepts(value);

test.each([
  ['hold', '60s', true],
  ['hold', '1500ms', true],
  ['hold', '2m', true],
  ['hold', '60', false],
  ['hold', '-1s', false],
  ['hold', '1.5s', false],
  ['hold', '1h', false],
  ['hold', '', false],
  ['dialect', 'eventure', true],
  ['dialect', 'tickets', true],
  ['dialect', 'ticket', false],
])('--option %s=%s is accepted: %s', (name, value, expected) => {
  expect(accepts(name, value)).toBe(expected);
});

test('what is the case where no option is given would be accepted, too', () => {
  for (const { name, initial } of co4353.options) expect(accepts(name, initial)).toBe(true);
});
