import { resolve } from 'node:path'
import { isTenantName } from '../events/streams.js'
import { appError, shown } from './errors.js'

export interface Config {
  readonly dataDir: string
  readonly tenant: string
  /** replaces the embedded server */
  readonly databaseUrl: string | undefined
}

/** Options win over the environment, the environment over defaults. Throws BAD_USAGE for a name that is no tenant's. */
export const readConfig = (
  options: { readonly data?: string; readonly tenant?: string },
  env: NodeJS.ProcessEnv,
): Config => {
  const tenant = options.tenant ?? env['MATCHBOOK_TENANT'] ?? 'default'
  if (!isTenantName(tenant)) {
    throw appError('BAD_USAGE', `tenant ${shown(tenant)}: use lower-case letters, digits, - and _, 63 at most`, {
      tenant,
    })
  }
  const databaseUrl = env['DATABASE_URL']
  return {
    dataDir: resolve(options.data ?? env['MATCHBOOK_DATA'] ?? '.matchbook'),
    tenant,
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
  }
}
