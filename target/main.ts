import cluster from 'node:cluster';
import { runCommandLine } from './command-line.ts';
import { serve } from './processes/worker.ts';

// node:cluster starts each worker as the same command line again; only the primary looks at it.
// It exits by itself: an open standard input must not keep a service alive that has ended.
if (cluster.isPrimary) process.exit(await runCommandLine(process.argv.slice(2)));
else serve();
