/**
 * The k6 that Onsale is built and tested with; nothing else in the project names a version of it. The scenarios are
 * type-checked against the @types/k6 of the same major.
 */
export const K6_VERSION = '1.8.1';

/** The oldest k6 that is taken from PATH without being asked for: the one whose types the scenarios are checked with. */
export const K6_VERSION_MIN = '1.7.0';

export const K6_MODULE = `go.k6.io/k6@v${K6_VERSION}`;
export const K6_RELEASE_URL = `https://github.com/grafana/k6/releases/download/v${K6_VERSION}`;
export const K6_CHECKSUMS = `k6-v${K6_VERSION}-checksums.txt`;

export interface K6Archive {
  /** File name in the release. */
  readonly name: string;
  /** The one entry that is taken out. */
  readonly entry: string;
  readonly format: 'tar.gz' | 'zip';
}

/** The release's archive for a machine; null where none is published. */
export function k6Archive(platform: NodeJS.Platform, architecture: string): K6Archive | null {
  const systems: Partial<Record<NodeJS.Platform, string>> = {
    linux: 'linux',
    darwin: 'macos',
    win32: 'windows',
  };
  const processors: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
  const system = systems[platform];
  const processor = processors[architecture];
  if (system === undefined || processor === undefined) return null;
  if (system === 'windows' && processor === 'arm64') return null;
  const folder = `k6-v${K6_VERSION}-${system}-${processor}`;
  const format = system === 'linux' ? 'tar.gz' : 'zip';
  return { name: `${folder}.${format}`, entry: `${folder}/${k6FileName(platform)}`, format };
}

export function k6FileName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'k6.exe' : 'k6';
}
