import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slaOf } from '../../bin/run-settings.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import { projectRoot } from '../../lib/run/project-root.ts';
import { scenarios } from '../../lib/run/scenarios.ts';
import { loadSla } from '../../lib/sla/load.ts';

const FOLDER = join(projectRoot, 'thresholds');
const known = { invariants: invariants.map(({ id }) => id) };

test.each(await readdir(FOLDER))(
  '%s is an SLA file, and asks whether the sale was right',
  async (name) => {
    const sla = loadSla(await readFile(join(FOLDER, name), 'utf8'), name, known);
    expect(sla.objectives.filter(({ kind }) => kind === 'invariants')).toHaveLength(1);
  },
);

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s has one of its own',
  async (_, scenario) => {
    loadSla(await readFile(slaOf(scenario), 'utf8'), scenario.name, known);
  },
);
