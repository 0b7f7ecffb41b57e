import { writeFileSync } from 'node:fs';
import { operationLine } from '../../lib/history/line.ts';
import { type CounterSale, counterSale } from './counter.ts';

/** write-counter.ts <path> <a {@link CounterSale} as JSON> */
const [path = '', given = ''] = process.argv.slice(2);
const lines = counterSale(JSON.parse(given) as CounterSale).map(operationLine);
writeFileSync(path, `${lines.join('\n')}\n`);
