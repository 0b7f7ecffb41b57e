import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { environmentPath, writeEnvironment } from '../../../bin/flow/detached.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detached-test-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('a shell reads back every variable as it was, whatever is in it, and only the owner can', async () => {
  const environment = {
    ONSALE_DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/d',
    ONSALE_TOKEN: `it's $HOME; \`id\` "and" \\ more`,
  };
  await writeEnvironment(environment);
  expect((await stat(environmentPath())).mode & 0o777).toBe(0o600);
  const script = '. "$1"; printf "%s\\n%s" "$ONSALE_DATABASE_URL" "$ONSALE_TOKEN"';
  const read = execFileSync('/bin/sh', ['-c', script, 'sh', environmentPath()], { env: {} });
  expect(read.toString().split('\n')).toEqual(Object.values(environment));
});
