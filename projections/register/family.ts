import { canonicalJson, type Json } from '../../events/canonical-json.js'
import { familyOf, type Placed } from '../family.js'
import { keyText, RowSet } from '../row-set.js'
import { storable } from '../storable.js'
import { voterFileChanges } from './fold-voter-files.js'
import { integrationSetting, ruleset, voterFile } from './tables.js'

const rulesetChanges = (events: readonly Placed[]): RowSet => {
  const set = new RowSet(ruleset)
  for (const { event, position } of events) {
    if (event.type !== 'RulesetPublished') continue
    const { tenant, hash, name } = event.data
    set.replace(keyText(tenant, hash), {
      tenant,
      hash,
      name,
      ruleset: canonicalJson(event.data.ruleset as Json),
      published_at: event.meta.recordedAt,
      position,
    })
  }
  return set
}

const settingChanges = (events: readonly Placed[]): RowSet => {
  const set = new RowSet(integrationSetting)
  for (const { event, position } of events) {
    if (event.type !== 'SettingChanged') continue
    const { tenant, key, value } = event.data
    const row = {
      tenant,
      key,
      value: JSON.stringify(typeof value === 'string' ? storable(value) : value),
      since: position,
      changed_at: event.meta.recordedAt,
    }
    if (value === null) set.remove(keyText(tenant, key), row)
    else set.replace(keyText(tenant, key), row)
  }
  return set
}

/** What is published and set: small tables, one row per name. */
export const registerFamily = familyOf({
  name: 'register',
  tables: [voterFile, ruleset, integrationSetting],
  types: ['VoterFilePublished', 'VoterFileWithdrawn', 'RulesetPublished', 'SettingChanged'],
  fold: async function* (reader, events) {
    yield await voterFileChanges(reader, events)
    yield rulesetChanges(events)
    yield settingChanges(events)
  },
})
