// Compares what `bin/loadtest demo` printed into a file with what the README shows of it:
// `node --import tsx test/readme-output.ts <file>`. Run by .ci/run on the output of its own demo.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * An output without what differs from run to run: figures, addresses, folders, where k6 came from, how lines are broken,
 * lines of progress, and what is installed on the way.
 */
export function shapeOf(output: string): string {
  return output
    .split('\n')
    .filter(
      (line) => !/^ {2}(\d+ s:|provisioning:|reading back:)|^npm |k6 .*(release|Go)/.test(line),
    )
    .join(' ')
    .replace(/http:\S+/g, 'URL')
    .replace(/\S*runs\/purchase-burst\/\S+?Z/g, 'RUN')
    .replace(/k6 [\d.]+ from \S+/, 'K6')
    .replace(/\d[\d.,]*(\s*(ms|s|%|\/s)(?![a-z]))?/g, 'N')
    .replace(/\s+/g, ' ')
    .trim();
}

const [, self, file] = process.argv;
if (self === fileURLToPath(import.meta.url)) {
  const readme = readFileSync(join(dirname(dirname(self)), 'README.md'), 'utf8');
  const shown = /\$ bin\/loadtest demo\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '';
  const [expected, got] = [shapeOf(shown), shapeOf(readFileSync(file ?? '/dev/stdin', 'utf8'))];
  if (expected !== got) {
    const at = [...expected].findIndex((letter, i) => letter !== got[i]);
    const near = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
    console.error(`README.md shows   …${near(expected)}…\nthe demo printed  …${near(got)}…`);
    process.exitCode = 1;
  } else console.log('README.md shows the demo as it is.');
}
