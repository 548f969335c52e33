import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { eventIdOf } from '../../events/ids.js'
import { settingStream } from '../../events/streams.js'
import { type AppError, appError, orThrow, rightOrThrow, shown } from '../errors.js'
import { decodeStored } from '../store/decode-stored.js'
import type { Workplace } from '../workplace.js'

export interface Setting {
  readonly key: string
  readonly value: string | number
  /** position of the event that set it; null: the default, never set */
  readonly since: number | null
}

const threshold = (text: string): Either<AppError, number> => {
  const value = Number(text)
  if (/^[-\d.e\s]+$/i.test(text) && text.trim() !== '' && value >= 0 && value <= 1) return right(value)
  return left(appError('BAD_VALUE', `match.threshold: ${shown(text)} is not a number from 0 to 1`, { value: text }))
}

const known: Readonly<
  Record<
    string,
    { readonly initial: string | number; readonly parse: (text: string) => Either<AppError, string | number> }
  >
> = {
  'match.threshold': { initial: 0.75, parse: threshold },
  'match.ruleset': { initial: 'standard', parse: (text) => right(text) },
}

const unknownKey = (key: string): AppError =>
  appError('SETTING_NOT_FOUND', `there is no setting ${shown(key)}; there are ${Object.keys(known).join(', ')}`, {
    key,
  })

export const listSettings = async ({ db, tenant }: Pick<Workplace, 'db' | 'tenant'>): Promise<readonly Setting[]> => {
  const rows = await orThrow(
    db.query<{ key: string; value: string | number; since: number }>(
      `select key, value, since from matchbook.integration_setting where tenant = $1 order by key`,
      [tenant],
    ),
  )
  const defaults = Object.entries(known)
    .filter(([key]) => !rows.some((row) => row.key === key))
    .map(([key, { initial }]): Setting => ({ key, value: initial, since: null }))
  return [...rows, ...defaults].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Throws SETTING_NOT_FOUND, naming the settings there are. */
export const getSetting = async (deps: Pick<Workplace, 'db' | 'tenant'>, key: string): Promise<Setting> => {
  const found = (await listSettings(deps)).find((setting) => setting.key === key)
  if (found === undefined) throw unknownKey(key)
  return found
}

export interface PastSetting {
  readonly key: string
  readonly value: string | number | boolean | null
  readonly since: number
  readonly at: string
  readonly by: string
}

/** Every value that a setting was given, oldest first. Throws SETTING_NOT_FOUND. */
export const settingHistory = async (
  { store, tenant }: Pick<Workplace, 'store' | 'tenant'>,
  key: string,
): Promise<readonly PastSetting[]> => {
  if (!Object.hasOwn(known, key)) throw unknownKey(key)
  const past: PastSetting[] = []
  for await (const events of store.readStream(settingStream(tenant))) {
    for (const stored of events) {
      const { type, data, meta } = decodeStored(stored)
      if (type !== 'SettingChanged' || data.key !== key) continue
      past.push({ key, value: data.value, since: stored.position, at: meta.recordedAt, by: meta.actor })
    }
  }
  return past
}

/** The value that a text gives a setting. Throws SETTING_NOT_FOUND and BAD_VALUE. */
export const parseSetting = (key: string, text: string): string | number => {
  const entry = Object.hasOwn(known, key) ? known[key] : undefined
  if (entry === undefined) throw unknownKey(key)
  return rightOrThrow(entry.parse(text))
}

/** Records a new value; the same value again records nothing. Throws SETTING_NOT_FOUND and BAD_VALUE. */
export const setSetting = async (deps: Workplace, key: string, text: string): Promise<Setting> => {
  const value = parseSetting(key, text)
  const stream = settingStream(deps.tenant)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const before = await getSetting(deps, key)
  if (before.since !== null && before.value === value) return before
  const id = eventIdOf(stream, revision + 1, key, value)
  const data = { tenant: deps.tenant, key, value }
  await deps.recorder.record(stream, [{ id, type: 'SettingChanged', v: 1, meta: deps.meta(id), data }], revision)
  return getSetting(deps, key)
}
