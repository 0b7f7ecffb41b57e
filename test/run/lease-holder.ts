// Holds leases on a process and a folder of its own, says so, and then waits to be killed: <folder> <script for bash>.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { holdLease } from '../../lib/run/leases.ts';

const [folder, script] = process.argv.slice(2);
const child = spawn('bash', ['-c', script!], {
  stdio: ['ignore', 'pipe', 'ignore'],
  detached: true,
});
await once(child.stdout, 'data');
await holdLease({ what: 'a child', pid: child.pid!, folder: folder! }, { env: process.env });
console.log(JSON.stringify({ pid: child.pid }));
setInterval(() => undefined, 1000);
