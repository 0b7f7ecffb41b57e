import { z } from 'zod';
import { type Capability, capabilities } from '../../model/capability.ts';
import { UsageFailure } from '../../model/failure.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Target, TargetOption } from '../admin.ts';
import type { Asked, Protocol } from '../protocol.ts';
import { adapterOf } from './admin.ts';
import { OWN_WORDS, ownKinds } from './careful.ts';
import { type Admin, adminSchema } from './definition.ts';
import { misfit, type OwnFile } from './work.ts';

/** How long a shop is left alone that says nothing of it. */
const QUIET_MS = 2000;

/** The exports of a file. */
export interface OwnExports {
  readonly protocol?: unknown;
  readonly admin?: unknown;
}

export interface OwnAsked {
  /** Of manifests and reports. */
  readonly name: string;
  /** Absolute; bundled into the scenario. */
  readonly path: string;
  readonly file: OwnFile;
  readonly exports: OwnExports;
}

/** A target from a file's exports. Throws a `UsageFailure` for exports that are not what they have to be. */
export function ownTarget({ name, path, file, exports }: OwnAsked): Target {
  const protocol = protocolIn(exports, file);
  const admin = adminIn(exports, file);
  return {
    name,
    summary: admin.summary ?? `the API of ${file.shown}`,
    protocolPath: path,
    protocol,
    admin: adapterOf({ file, admin, protocol }),
    capabilities: abilitiesOf(protocol, admin),
    options: Object.entries(admin.options ?? {}).map(
      ([option, { summary, default: value, pattern }]): TargetOption => ({
        ...{ name: option, summary, default: value, pattern },
      }),
    ),
    secret: admin.secret ?? null,
    quietMs: admin.quietMs ?? QUIET_MS,
  };
}

const wordsSchema = z.partialRecord(
  z.enum(ownKinds),
  z.strictObject({ say: functionOf(), read: functionOf() }),
);

function functionOf() {
  return z.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');
}

function protocolIn({ protocol }: OwnExports, file: OwnFile): Protocol {
  const words =
    typeof protocol === 'object' && protocol !== null && OWN_WORDS in protocol
      ? protocol[OWN_WORDS]
      : undefined;
  if (words === undefined)
    throw wrongFile(file, {
      expected: 'export const protocol = defineProtocol({ … }), of the module onsale',
      got: protocol === undefined ? 'no export of that name' : 'something else under that name',
    });
  const parsed = wordsSchema.safeParse(words);
  const got = parsed.success
    ? 'purchase' in parsed.data
      ? null
      : 'one without purchase'
    : misfit(parsed.error);
  if (got !== null)
    throw wrongFile(file, {
      expected: `a protocol of ${ownKinds.join(', ')}, each with say and read; purchase is needed`,
      got,
    });
  return protocol as Protocol;
}

function adminIn({ admin }: OwnExports, file: OwnFile): Admin {
  const parsed = adminSchema.safeParse(admin);
  // Checked as far as can be: what its functions take and return shows when they work.
  if (parsed.success) return parsed.data as unknown as Admin;
  throw wrongFile(file, {
    expected: 'export const admin: Admin = { … } with pools() and orders(), see docs/tutorial.md',
    got: admin === undefined ? 'no export of that name' : misfit(parsed.error),
  });
}

function wrongFile(file: OwnFile, { expected, got }: { expected: string; got: string }) {
  const remedy = '`bin/loadtest init my-shop` writes one that works.';
  return new UsageFailure({ expected, got, where: file.shown, remedy });
}

/** What follows from what the file has, and what it says beyond. */
function abilitiesOf(protocol: Protocol, admin: Admin): Capability[] {
  const { rules = {} } = admin;
  const has: Partial<Record<Capability, boolean>> = {
    holds: protocol.hold !== undefined,
    'held-quantities':
      protocol.hold !== undefined && admin.capabilities?.includes('quantities') === true,
    payments: protocol.pay !== undefined,
    cancel: protocol.cancel !== undefined,
    resolve: protocol.resolve !== undefined,
    availability: protocol.availability !== undefined,
    status: protocol.status !== undefined,
    views: protocol.view !== undefined,
    'stale-reads': admin.mayLag === true,
    'order-listing': admin.orders !== undefined,
    'own-orders': admin.ordersOf !== undefined,
    'buyer-limit': rules.buyerLimit !== undefined,
    'sale-window': rules.opensAt !== undefined || rules.closesAt !== undefined,
    idempotency: rules.idempotency !== undefined && rules.idempotency !== 'none',
  };
  return capabilities.filter((each) => has[each] === true || admin.capabilities?.includes(each));
}

/** One who could ask, for trying a protocol where there is no shop: nobody's ids. */
export function nobodyAsking(options: Readonly<Record<string, string>>): Asked {
  const pool = { id: '1', name: 'Pool', capacity: 1, remaining: 1, price: 100, seats: ['A1'] };
  const intent = { key: 'onsale-check-0', pool: 0, quantity: 1, offsetMs: 0, seat: 0 };
  const buyer = { id: `onsale-check-buyer-${SCHEMA_VERSION}` };
  return { buyer, pool, intent, secret: 'secret', data: options, order: '1', seat: 'A1' };
}
