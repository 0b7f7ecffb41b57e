/** Would make Python or Django look at things of the user that are none of ours. */
const FOREIGN =
  /^(PYTHON.*|DJANGO_.*|(FILE__)?PRETIX_.*|VIRTUAL_ENV|GUNICORN_.*|PIP_TARGET|PIP_PREFIX|PIP_USER)$/;

/** The user's variables, proxies and pip's settings included, without those that change what Python runs. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)));
}
