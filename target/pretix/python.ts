import { RunFailure, UsageFailure } from '../failure.ts';
import { type ProgramOptions, runProgram } from './program.ts';
import { PYTHON_MINOR_MAX, PYTHON_MINOR_MIN } from './release.ts';

/** A Python that pretix can be installed with. */
export interface Python {
  readonly path: string;
  /** Such as `3.11`. */
  readonly version: string;
}

const ASK = `
import sys
print('%d.%d' % sys.version_info[:2])
print(sys.executable)
import ensurepip, venv
print('venv')
`;
const ASK_LIMIT_MS = 20_000;
const POSSIBLE = `Python 3.${PYTHON_MINOR_MIN} to 3.${PYTHON_MINOR_MAX} with its venv module`;

type Needs = Pick<ProgramOptions, 'env' | 'signal' | 'owns'>;

/**
 * `$ONSALE_PYTHON`, else the first on PATH that will do: `python3`, then by version, the newest first. Throws a
 * UsageFailure where `$ONSALE_PYTHON` names none, and a RunFailure with all that were looked at where there is none.
 */
export async function findPython(needs: Needs): Promise<Python> {
  const named = needs.env.ONSALE_PYTHON;
  if (named !== undefined && named !== '') {
    const answer = await ask(named, needs);
    if (typeof answer !== 'string') return answer;
    throw new UsageFailure({
      expected: POSSIBLE,
      got: answer,
      where: `ONSALE_PYTHON=${named}`,
      remedy: 'Set it to the path of another Python, or unset it.',
    });
  }
  const passedOver: string[] = [];
  for (const name of candidates()) {
    const answer = await ask(name, needs);
    if (typeof answer !== 'string') return answer;
    passedOver.push(`${name} ${answer}`);
  }
  throw noPython(passedOver);
}

function candidates(): readonly string[] {
  const minors = Array.from(
    { length: PYTHON_MINOR_MAX - PYTHON_MINOR_MIN + 1 },
    (_, i) => PYTHON_MINOR_MAX - i,
  );
  return ['python3', ...minors.map((minor) => `python3.${minor}`)];
}

/** The Python, or why it will not do. */
async function ask(name: string, needs: Needs): Promise<Python | string> {
  const { code, output, complaint } = await runProgram([name, '-I', '-c', ASK], {
    ...needs,
    limitMs: ASK_LIMIT_MS,
  });
  const [version, path, venv] = output.trim().split('\n');
  if (version === undefined || path === undefined)
    return /ENOENT|not found/.test(complaint)
      ? 'is not there'
      : `does not run (${tail(complaint)})`;
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor! < PYTHON_MINOR_MIN) return `is ${version}`;
  return code === 0 && venv === 'venv' ? { path, version } : `(${version}) has no venv module`;
}

const tail = (text: string) => text.trim().split('\n').at(-1)!.slice(-200);

function noPython(passedOver: readonly string[]): RunFailure {
  return new RunFailure({
    expected: `${POSSIBLE}, which pretix needs`,
    got: passedOver.join('; '),
    where: 'PATH',
    remedy:
      'Install one (Debian and Ubuntu: apt-get install python3 python3-venv), or set ONSALE_PYTHON to the path of one.',
  });
}
