import { describe, expect, it } from 'vitest';
import { typedTarget } from '../../bin/flow/typed-target.ts';
import { targets } from '../../lib/targets/registry.ts';
import { nextSteps } from '../../reports/next.ts';
import { exampleRun } from './example.ts';

describe('the target in a suggested command', () => {
  it('is a name that is known, or the file of one’s own', () => {
    for (const { name } of targets) expect(typedTarget(name)).toBe(name);
    expect(typedTarget('my-shop')).toBe('./my-shop.ts');
    const { verdict } = exampleRun({ story: 'inconclusive', buyers: 10 });
    const [again] = nextSteps(verdict, { runFolder: 'r', typedTarget: typedTarget('my-shop') });
    expect(again!.command).toContain(' --target ./my-shop.ts ');
  });
});
