/**
 * The built program's file of a module, for worker threads: they run JavaScript, also when a test runs the sources.
 * `caller` is the caller's import.meta.url, `name` the module beside it, such as `./match-worker.js`.
 */
export const builtFile = (caller: string, name: string): URL => {
  const beside = new URL(name, caller)
  if (!caller.endsWith('.ts')) return beside
  const root = new URL('../', import.meta.url).href
  return new URL(beside.href.slice(root.length), new URL('dist/', root))
}
