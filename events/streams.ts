/** Stream names of the catalogue. A tenant is `[a-z0-9][a-z0-9_-]{0,62}`, so no name can be read in two ways. */
export const ledgerStream = (tenant: string): string => `matchbook-${tenant}`
export const importStream = (tenant: string, batch: string): string => `import-${tenant}.${batch}`
export const sourceStream = (tenant: string): string => `source-${tenant}`
export const segmentStream = (tenant: string): string => `segment-${tenant}`
export const rulesetStream = (tenant: string): string => `ruleset-${tenant}`
export const settingStream = (tenant: string): string => `setting-${tenant}`
export const voterFileStream = (state: string): string => `voterfile-${state}`
export const pidRegistryStream = 'pid-registry'

/** What the names of all streams above begin with, for a store that others use too. */
export const streamPrefixes = [
  'matchbook-',
  'import-',
  'source-',
  'segment-',
  'ruleset-',
  'setting-',
  'voterfile-',
  pidRegistryStream,
] as const

/** True for a stream of the catalogue. */
export const isOurs = (stream: string): boolean => streamPrefixes.some((prefix) => stream.startsWith(prefix))

const tenantPattern = /^[a-z0-9][a-z0-9_-]{0,62}$/
export const isTenantName = (name: string): boolean => tenantPattern.test(name)

/** The tenant that a stream belongs to; undefined for the streams that all tenants share. */
export const tenantOf = (stream: string): string | undefined => {
  const dash = stream.indexOf('-')
  const family = stream.slice(0, dash)
  if (family === 'voterfile' || family === 'pid') return undefined
  const rest = stream.slice(dash + 1)
  if (family !== 'import') return rest
  return rest.slice(0, rest.indexOf('.'))
}
