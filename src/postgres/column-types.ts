import pg from 'pg'

const int8 = 20
const int8Array = 1016
const date = 1082

/** int8 as number. Throws beyond 2^53 − 1: positions and counts never get there, so a larger value is a bug. */
const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`int8 ${text} is no safe integer`)
  return value
}

const textArray = 1009
const arrayOfText = pg.types.getTypeParser(textArray as number, 'text') as (text: string) => (string | null)[]

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [int8]: parseInt8,
  [int8Array]: (text) => arrayOfText(text).map((item) => (item === null ? null : parseInt8(item))),
  // pg would make a Date at local midnight: another day in another time zone.
  [date]: (text) => text,
}

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid: number, format?: 'text' | 'binary') =>
  (format ?? 'text') === 'text' && parsers[oid] !== undefined ? parsers[oid] : pg.types.getTypeParser(oid, format)

/** How columns arrive: pg's own ways, but for int8, int8[] and date. Ours alone; pg's global table stays as it is. */
export const columnTypes: pg.CustomTypesConfig = { getTypeParser }
