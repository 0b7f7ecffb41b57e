import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { operationLine } from '../../lib/history/line.ts';
import { operationsOf } from './sale.ts';
import type { SaleSize } from './size.ts';

/** write.ts <path> <a {@link SaleSize} as JSON> */
const [path = '', given = ''] = process.argv.slice(2);
const size = JSON.parse(given) as SaleSize;
const operationOf = operationsOf(size);
const file = createWriteStream(path);
const BATCH = 2000;
for (let first = 0; first < size.length; first += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, size.length - first) }, (_, i) =>
    operationOf(first + i),
  );
  batch.sort((a, b) => a.end - b.end);
  if (!file.write(batch.map((each) => `${operationLine(each)}\n`).join(''))) {
    await once(file, 'drain');
  }
}
file.end();
await once(file, 'close');
