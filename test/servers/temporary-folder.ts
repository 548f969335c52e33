import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Made so that root's server user can reach it: otherwise a cluster would lie, and stay, in a folder of the system. */
export const temporaryFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `matchbook-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}
