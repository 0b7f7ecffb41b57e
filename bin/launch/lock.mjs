import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveUp } from './failure.mjs';

const POLL_MS = 200;
/** The owner may be between making the folder and writing its id; ten seconds is more than it needs. */
const NAMELESS_MS = 10_000;

/**
 * Runs `work` while holding the folder `lock`, or waits up to `waitMs` for whoever holds it. `work` gets a function that
 * names a further process as owner: whoever is killed may leave a child that goes on working. A lock all of whose owners
 * are gone is taken over.
 */
export async function withLock({ lock, waitMs, onWait }, work) {
  const deadline = Date.now() + waitMs;
  for (let waits = false; !takes(lock); ) {
    if (isStale(lock)) rmSync(lock, { recursive: true, force: true });
    else if (Date.now() > deadline)
      giveUp(`another command has been at work in ${lock} for too long.`, 'End it and try again.');
    else {
      if (!waits) onWait();
      waits = true;
      await sleep(POLL_MS);
    }
  }
  const addOwner = (pid) => appendFileSync(join(lock, 'owners'), `${pid}\n`);
  try {
    addOwner(process.pid);
    return await work(addOwner);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takes(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(lock) {
  try {
    const owners = readFileSync(join(lock, 'owners'), 'utf8').split('\n').filter(Boolean);
    return owners.length > 0 && !owners.some((pid) => lives(Number(pid)));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > NAMELESS_MS;
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
