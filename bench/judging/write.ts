import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { operationLine } from '../../lib/history/line.ts';
import { operationOf } from './sale.ts';

/** write.ts <path> <operations> */
const [path = '', length = ''] = process.argv.slice(2);
const file = createWriteStream(path);
const BATCH = 2000;
for (let first = 0; first < Number(length); first += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, Number(length) - first) }, (_, i) =>
    operationOf(first + i, Number(length)),
  );
  batch.sort((a, b) => a.end - b.end);
  if (!file.write(batch.map((each) => `${operationLine(each)}\n`).join(''))) {
    await once(file, 'drain');
  }
}
file.end();
await once(file, 'close');
