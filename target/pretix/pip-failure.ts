import { RunFailure } from '../failure.ts';
import type { ProgramEnd } from './program.ts';

const NO_WAY =
  /NewConnectionError|NameResolutionError|name resolution|ConnectTimeout|ConnectionReset|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Max retries|Read timed out|Network is unreachable/i;

const KINDS: readonly { readonly said: RegExp; readonly got: string; readonly remedy: string }[] = [
  {
    said: /No space left on device|Disk quota exceeded/i,
    got: 'the disk is full',
    remedy: 'Free 1.2 GB, or set XDG_CACHE_HOME (and TMPDIR) to folders on another disk.',
  },
  {
    said: NO_WAY,
    got: 'PyPI cannot be reached',
    remedy:
      'Let this machine reach pypi.org (HTTPS_PROXY is used), or name a mirror with PIP_INDEX_URL.',
  },
  {
    said: /No matching distribution found|Could not find a version/i,
    got: 'the package index does not have it for this Python and platform',
    remedy: 'Set ONSALE_PYTHON to another Python, or PIP_INDEX_URL to an index that is up to date.',
  },
  {
    said: /Failed building wheel|metadata-generation-failed|error: command .*(gcc|cc|clang)/i,
    got: 'a package has no build for this platform and could not be compiled',
    remedy: 'Set ONSALE_PYTHON to a Python that is more common here, or install a C compiler.',
  },
];
const WORDS_SHOWN = 600;

/** What kept pip from installing, told from its words. */
export function pipFailure({ code, output, complaint }: ProgramEnd, where: string): RunFailure {
  const words = (complaint || output).trim();
  const kind = KINDS.find(({ said }) => said.test(words));
  const last = words.slice(-WORDS_SHOWN) || `exit code ${code ?? 'none: it took too long'}`;
  return new RunFailure({
    expected: 'pip to install pretix',
    got: kind === undefined ? last : `${kind.got} (${words.split('\n').at(-1)!.slice(0, 300)})`,
    where,
    remedy: kind?.remedy ?? 'Mend what pip complains of, then try again.',
  });
}
