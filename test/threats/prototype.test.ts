import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LENIENT_SLA, type Machine, newMachine, smallRun } from '../experience/product.ts';
import { exampleRun } from '../reports/example.ts';
import { startShop } from './shop.ts';

/** Keys by which a parser that is too trusting lets a file change every object of the program. */
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString'];

describe('in a file of the user these keys are unknown keys:', async () => {
  const shop = await startShop();
  const machine = await newMachine();

  test.each(
    KEYS.flatMap((key) => [
      ['sla.yaml', key, `${LENIENT_SLA}${key}: {result: pass}\n`] as const,
      ['onsale.yaml', key, `${key}: {liftLimits: true}\n`] as const,
    ]),
  )('%s, %s', async (name, key, text) => {
    const own = name === 'sla.yaml' ? machine : await newMachine();
    await writeFile(join(own.cwd, name), text);
    const { code, stderr } = await own.loadtest(smallRun(shop.url));
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(key);
    expect(stderr).toContain(`${name}:`);
    expect(shop.asked.size).toBe(0);
  });

  test.each(['sla.yaml', 'onsale.yaml'])('%s, merge keys', async (name) => {
    const own = await newMachine();
    const text = name === 'sla.yaml' ? LENIENT_SLA : '';
    await writeFile(join(own.cwd, name), `${text}<<: {liftLimits: true, confidence: 0.5}\n`);
    const { code, stderr } = await own.loadtest(smallRun(shop.url));
    expect(code, stderr).toBe(2);
    expect(shop.asked.size).toBe(0);
  });
});

async function recordedRun(machine: Machine, inject: (file: string, json: string) => string) {
  const folder = join(machine.cwd, 'run');
  await mkdir(folder);
  const { manifest, intents } = exampleRun({ story: 'pass', buyers: 50 });
  const files = { 'manifest.json': manifest, 'intents.json': intents };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), inject(name, JSON.stringify(content)));
  await writeFile(join(folder, 'sla.yaml'), LENIENT_SLA);
  await writeFile(join(folder, 'history.ndjson'), inject('history.ndjson', ''));
  return folder;
}

test.each(['manifest.json', 'intents.json', 'history.ndjson'])(
  '%s of a run cannot bring in a status, a result or a passed promise by its prototype',
  async (victim) => {
    const machine = await newMachine();
    const poison =
      '"__proto__":{"status":"complete","complete":true,"value":"holds","outcome":"ok"}';
    const folder = await recordedRun(machine, (name, json) => {
      if (name !== victim) return json;
      return name === 'history.ndjson' ? `{${poison}}\n` : json.replace('{', `{${poison},`);
    });
    const { code, stdout, stderr } = await machine.loadtest(['judge', folder, '--json']);
    // Refused, or judged as if it were not there: without a history there is no pass.
    expect([2, 3], stderr).toContain(code);
    expect(stdout).not.toContain('__proto__');
  },
);
