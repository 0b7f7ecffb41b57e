/** What is installed, from PyPI. pretix brings its own driver for PostgreSQL and its client for Redis. */
export const PRETIX_VERSION = '2026.8.0';
export const REQUIREMENTS: readonly string[] = [`pretix==${PRETIX_VERSION}`, 'gunicorn==27.0.1'];

/** Python 3 from this minor version on, as that release of pretix demands. */
export const PYTHON_MINOR_MIN = 11;
/** Looked for by name, the newest that pretix is tested with first. */
export const PYTHON_MINOR_MAX = 14;
