import { setImmediate as soon } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTurns } from '../../../target/co4353/services/turns.ts';

test('tasks of one key run one after the other in their order, those of others meanwhile', async () => {
  const turn = inTurns();
  const said: string[] = [];
  const task = (name: string) => async () => {
    said.push(`${name} begins`);
    await soon();
    said.push(`${name} ends`);
    return name;
  };
  const results = [turn('a', task('a1')), turn('a', task('a2')), turn('b', task('b1'))];
  expect(await Promise.all(results)).toEqual(['a1', 'a2', 'b1']);
  expect(said.filter((word) => word.startsWith('a'))).toEqual([
    'a1 begins',
    'a1 ends',
    'a2 begins',
    'a2 ends',
  ]);
  expect(said.indexOf('b1 begins')).toBeLessThan(said.indexOf('a1 ends'));
});

test('a task that fails tells its own caller only', async () => {
  const turn = inTurns();
  const failing = turn('a', () => Promise.reject(new Error('no')));
  const next = turn('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
