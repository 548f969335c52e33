import { nicknameTable } from './nickname-table.js'

const none: readonly number[] = []
const groupsByName = new Map<string, number[]>()

for (const [group, line] of nicknameTable.trim().split('\n').entries()) {
  for (const name of new Set(line.split(' '))) {
    const groups = groupsByName.get(name)
    if (groups === undefined) groupsByName.set(name, [group])
    else groups.push(group)
  }
}

/** The groups of names that a name key belongs to, ascending; empty for most names. Two names that share one are nicknames. */
export const nicknameGroups = (nameKey: string): readonly number[] => groupsByName.get(nameKey) ?? none

const namesByGroup = nicknameTable
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
const noNames: readonly string[] = []

/** The name keys that stand for the same given name as this one, without itself. */
export const nicknamesOf = (nameKey: string): readonly string[] => {
  const groups = groupsByName.get(nameKey)
  if (groups === undefined) return noNames
  const names = new Set(groups.flatMap((group) => namesByGroup[group]!))
  names.delete(nameKey)
  return [...names]
}

/** True when two different name keys stand for one given name (BILL and WILLIAM, PEPE and JOSE). Symmetric, not transitive. */
export const areNicknames = (a: string, b: string): boolean => {
  if (a === b) return false
  const groups = groupsByName.get(a)
  const others = groups === undefined ? undefined : groupsByName.get(b)
  if (groups === undefined || others === undefined) return false
  for (const group of groups) if (others.includes(group)) return true
  return false
}
