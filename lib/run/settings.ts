import leven from 'leven';
import type { z } from 'zod';
import { UsageFailure } from '../model/failure.ts';
import type { SettingsFile } from './settings-files.ts';

/** One thing the user may set. Its key in the declaration is its name: `allowHost`, ONSALE_ALLOW_HOST, --allow-host. */
export interface Setting<T> {
  /** Reads what stands in a flag or variable (text) or in a YAML file (text, number, boolean, list). */
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** One line for people, with the unit. */
  readonly description: string;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

export type SettingValues<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

export type SettingSource = 'flag' | 'environment' | 'project file' | 'user file' | 'default';

export interface SettingOrigin {
  readonly source: SettingSource;
  /** `--allow-host`, `ONSALE_ALLOW_HOST`, `/path/onsale.yaml:3`; empty for a default. */
  readonly where: string;
}

export interface ResolvedSettings<S extends Settings> {
  readonly values: SettingValues<S>;
  readonly origins: { readonly [Name in keyof S]: SettingOrigin };
}

export interface SettingSources {
  /** Only what was really given, by name; commander's defaults would hide the files (`flagsGiven`). */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
  /** The more important first, see `readSettingsFiles`. */
  readonly files: readonly SettingsFile[];
}

/** Gives a setting its type; nothing else. */
export function setting<T>(declared: Setting<T>): Setting<T> {
  return declared;
}

/**
 * The value of every declared setting from the first source that has it: flag, environment, project file, user file,
 * default. Pure. An empty variable counts as unset. Throws a `UsageFailure` for an unknown key of a file (with file,
 * line and the nearest name) and for a value that does not fit, wherever it stands, used or not: a mistake that lies in
 * wait behind a flag is still a mistake. Values are not repeated, since a secret may have been put where none belongs.
 */
export function resolveSettings<S extends Settings>(
  declared: S,
  sources: SettingSources,
): ResolvedSettings<S> {
  refuseSecrets(declared);
  for (const file of sources.files) refuseUnknownKeys(declared, file);
  const values: Record<string, unknown> = {};
  const origins: Record<string, SettingOrigin> = {};
  for (const [name, one] of Object.entries(declared)) {
    const [first] = given(name, sources).map((found) => ({ ...found, value: read(one, found) }));
    values[name] = first === undefined ? one.default : first.value;
    origins[name] = first?.origin ?? { source: 'default', where: '' };
  }
  return { values, origins } as ResolvedSettings<S>;
}

interface Given {
  readonly value: unknown;
  readonly origin: SettingOrigin;
}

function given(name: string, { flags, env, files }: SettingSources): Given[] {
  const found: Given[] = [];
  if (Object.hasOwn(flags, name) && flags[name] !== undefined) {
    found.push({ value: flags[name], origin: { source: 'flag', where: flagName(name) } });
  }
  const variable = env[variableName(name)];
  if (variable !== undefined && variable !== '') {
    found.push({
      value: variable,
      origin: { source: 'environment', where: variableName(name) },
    });
  }
  for (const { path, kind, entries } of files) {
    for (const { key, value, line } of entries) {
      if (key !== name) continue;
      found.push({ value, origin: { source: `${kind} file`, where: `${path}:${line}` } });
    }
  }
  return found;
}

function read<T>(one: Setting<T>, { value, origin }: Given): T {
  const parsed = one.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageFailure({
    expected: one.description,
    got: `a value that does not fit: ${parsed.error.issues[0]!.message.slice(0, 200)}`,
    where: origin.where,
    remedy: 'Correct the value, or leave it out to have the default.',
  });
}

function refuseUnknownKeys(declared: Settings, { path, entries }: SettingsFile): void {
  for (const { key, line } of entries) {
    if (Object.hasOwn(declared, key)) continue;
    const nearest = nearestName(key, Object.keys(declared));
    throw new UsageFailure({
      expected: 'a known setting',
      got: `the key \`${key.slice(0, 100).replace(/[\p{Cc}\p{Cf}]/gu, '�')}\``,
      where: `${path}:${line}`,
      remedy:
        nearest === null
          ? `Remove it. Known are ${Object.keys(declared).join(', ')}. Secrets go into the environment only.`
          : `Did you mean \`${nearest}\`?`,
    });
  }
}

/** The known name with the fewest changed letters, null where none is near enough to be meant. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const asked = name.slice(0, 100).toLowerCase().replace(/[-_]/g, '');
  const ranked = known
    .map((one) => ({ one, distance: leven(asked, one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, best.one.length / 3) ? best.one : null;
}

/** ONSALE_ variables that are neither a setting nor one of `others`: probably mistyped, worth a note. */
export function unknownVariables(
  declared: Settings,
  env: NodeJS.ProcessEnv,
  others: readonly string[],
): { readonly name: string; readonly nearest: string | null }[] {
  const known = [...Object.keys(declared).map(variableName), ...others];
  return Object.keys(env)
    .filter((name) => name.startsWith('ONSALE_') && !known.includes(name))
    .sort()
    .map((name) => ({ name, nearest: nearestVariable(name, known) }));
}

function nearestVariable(name: string, known: readonly string[]): string | null {
  const bare = (variable: string) => variable.slice('ONSALE_'.length).replaceAll('_', '');
  const nearest = nearestName(bare(name), known.map(bare));
  return known.find((variable) => bare(variable) === nearest) ?? null;
}

/** Settings are printed, written into manifests and kept in files, all of which a secret must never be. */
function refuseSecrets(declared: Settings): void {
  const secret = Object.keys(declared).find((name) =>
    /secret|password|passwd|token|credential|apiKey|databaseUrl/i.test(name),
  );
  if (secret !== undefined) throw new Error(`${secret} is a secret and cannot be a setting`);
}

export interface SettingRow {
  readonly name: string;
  /** As JSON. */
  readonly value: string;
  /** `flag --seed`, `project file /work/onsale.yaml:3`, `default`. */
  readonly source: string;
  readonly description: string;
}

/** Every setting with its value and where it came from, in the order of the declaration. */
export function explainSettings<S extends Settings>(
  declared: S,
  { values, origins }: ResolvedSettings<S>,
): SettingRow[] {
  return Object.entries(declared).map(([name, { description }]) => {
    const { source, where } = origins[name]!;
    const value = JSON.stringify(values[name]) ?? 'unset';
    return { name, value, source: `${source} ${where}`.trim(), description };
  });
}

/** allowHost → ONSALE_ALLOW_HOST */
export function variableName(name: string): string {
  return `ONSALE_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
}

/** allowHost → --allow-host, which commander gives back as allowHost. */
export function flagName(name: string): string {
  return `--${kebab(name)}`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The part of commander 14's `Command` that tells a given flag from a default. */
export interface CommandFlags {
  opts(): Record<string, unknown>;
  getOptionValueSource(name: string): string | undefined;
}

/** The flags that stood on the command line, by name. */
export function flagsGiven(command: CommandFlags): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  );
}
