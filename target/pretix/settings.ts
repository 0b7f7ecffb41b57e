import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from './environment-variables.ts';

/** What pretix is told about the place it runs in. */
export interface PretixSite {
  /** A folder of its own, which must be there. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** What it puts in front of the links it makes, without a slash at the end. */
  readonly url: string;
  /** Address of a Redis, with its password; null for none. */
  readonly redisUrl: string | null;
  /** Debug flags that are on for every request. */
  readonly flags: readonly string[];
}

/**
 * On top of pretix's own settings. Without a Redis, pretix keeps no cache at all and calls itself unhealthy; files do
 * for all workers what a Redis would.
 */
const SETTINGS = `
from pretix.settings import *

EMAIL_BACKEND = EMAIL_CUSTOM_SMTP_BACKEND = 'django.core.mail.backends.dummy.EmailBackend'
MIDDLEWARE[0:0] = ['pretix.testutils.middleware.DebugFlagMiddleware', 'onsale_flags.PlantedFlags']
ONSALE_FLAGS = frozenset(config.get('onsale', 'flags').split())
if not HAS_REDIS:
    CACHES['default'] = {
        'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache',
        'LOCATION': os.path.join(CACHE_DIR, 'django'),
        'OPTIONS': {'MAX_ENTRIES': 10_000},
    }
`;

/** pretix's own switch reads the flags of one request from its query; this one turns them on for all. */
const FLAGS = `
from django.conf import settings
from pretix.testutils.middleware import debugflags_var


class PlantedFlags:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        debugflags_var.set(debugflags_var.get() | settings.ONSALE_FLAGS)
        return self.get_response(request)
`;

/**
 * The application, warmed before the workers are forked from it. pretix leaves its static files to the web server in
 * front of it; there is none here.
 */
const APPLICATION = `
import gc
import importlib
import mimetypes
import os

from django.conf import settings
from pretix.wsgi import application as pretix

from django.db import connections

ROOT = os.path.realpath(settings.STATIC_ROOT)


def application(environ, start_response):
    path = environ.get('PATH_INFO', '')
    if not path.startswith(settings.STATIC_URL) or environ['REQUEST_METHOD'] not in ('GET', 'HEAD'):
        return pretix(environ, start_response)
    name = os.path.realpath(os.path.join(ROOT, path[len(settings.STATIC_URL):]))
    if not name.startswith(ROOT + os.sep) or not os.path.isfile(name):
        start_response('404 Not Found', [('Content-Length', '0')])
        return []
    kind = mimetypes.guess_type(name)[0] or 'application/octet-stream'
    size = str(os.path.getsize(name))
    headers = [('Content-Type', kind), ('Content-Length', size), ('Cache-Control', 'max-age=3600')]
    start_response('200 OK', headers)
    return [] if environ['REQUEST_METHOD'] == 'HEAD' else environ['wsgi.file_wrapper'](open(name, 'rb'))


importlib.import_module(settings.ROOT_URLCONF)
connections.close_all()
gc.collect()
gc.freeze()
`;

/** Writes what pretix needs to run in the folder; returns the variables to run its programs with, none of them secret. */
export function writeSettings(site: PretixSite): NodeJS.ProcessEnv {
  const { folder } = site;
  for (const name of ['data', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'onsale_settings.py'), SETTINGS);
  writeFileSync(join(folder, 'onsale_flags.py'), FLAGS);
  writeFileSync(join(folder, 'onsale_application.py'), APPLICATION);
  const file = join(folder, 'pretix.cfg');
  writeFileSync(file, configuration(site), { mode: 0o600 });
  // It holds the passwords, also where it was there before.
  chmodSync(file, 0o600);
  return {
    ...cleanEnvironment(process.env),
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    DJANGO_SETTINGS_MODULE: 'onsale_settings',
    PRETIX_CONFIG_FILE: file,
  };
}

function configuration({ folder, databaseUrl, url, redisUrl, flags }: PretixSite): string {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return ini({
    pretix: {
      instance_name: 'Onsale',
      url,
      datadir: join(folder, 'data'),
      loglevel: 'ERROR',
      registration: 'off',
      ecb_rates: 'off',
    },
    locale: { default: 'en', timezone: 'UTC' },
    database: {
      backend: 'postgresql',
      name: decodeURIComponent(pathname.slice(1)),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      host: hostname,
      port,
    },
    ...(redisUrl === null ? {} : { redis: { location: redisUrl, sessions: 'true' } }),
    onsale: { flags: flags.join(' ') },
  });
}

function ini(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(sections)
    .map(([section, values]) => {
      const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
      return `[${section}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}
