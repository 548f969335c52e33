import type { KeyIndex, Vocabulary, VoterIndex } from '../match/voter-index.js'
import { extraValue } from '../normalise/match-values.js'
import {
  type EncodedColumns,
  emailValue,
  encodeBirth,
  encodeNames,
  encodeText,
  phoneValue,
  sexValue,
} from './encode-persons.js'
import { encodePlaces } from './encode-places.js'
import { identifier, literal, openDuckDb } from './open-duckdb.js'
import { partedColumns, partedLines } from './part-lines.js'
import { type Expressions, readColumns } from './read-columns.js'
import { type BadSvids, SvidColumn } from './svid-column.js'

/** What each part of an index is built from. Parts are built side by side, each by one thread in one pass. */
export interface PartRequest {
  readonly artifact: string
  readonly rows: number
  /** columns of the artifact */
  readonly columns: readonly string[]
  readonly spillDir: string
}

export interface PersonsPart extends EncodedColumns {
  readonly birthDate: Uint32Array
  readonly lastSoundex: Uint16Array
  readonly svids: Vocabulary
  readonly svidKey: KeyIndex
  readonly bad: BadSvids
  readonly extras: VoterIndex['extras']
}

/** Two of these and their spilling share the machine with the builders' arrays. */
const memoryShare = 0.1

/** The column's expression; an empty text where the artifact has no such column. */
const expressions = (names: readonly string[], columns: readonly string[]): Expressions =>
  Object.fromEntries(names.map((name) => [name, columns.includes(name) ? identifier(name) : "''"]))

/** Who the voters are: SVIDs, names, sex, birth, extras. */
export const buildPersons = async ({ artifact, rows, columns, spillDir }: PartRequest): Promise<PersonsPart> => {
  const db = await openDuckDb({ threads: 1, spillDir, memoryShare })
  try {
    const extras = columns.filter((name) => name.startsWith('extra.'))
    const fields = ['first_name', 'middle_name', 'last_name', 'suffix', 'full_name', 'sex', 'birth_date', 'birth_year']
    const svids = new SvidColumn(rows)
    const raws = await readColumns(
      db,
      fromArtifact(artifact),
      rows,
      expressions([...fields, ...extras], columns),
      svids,
    )
    const names = encodeNames(raws, rows)
    const sex = encodeText(raws, 'sex', sexValue)
    const svidKey = svids.key()
    return {
      columns: { ...names.columns, sex: sex.column },
      vocabularies: { ...names.vocabularies, sex: sex.vocabulary },
      birthDate: encodeBirth(raws, rows),
      lastSoundex: names.lastSoundex,
      svids: svids.vocabulary(),
      svidKey,
      bad: svids.bad(svidKey),
      extras: Object.fromEntries(
        extras.map((name) => {
          const { column, vocabulary } = encodeText(raws, name, extraValue)
          return [name.slice('extra.'.length), { column, vocabulary }]
        }),
      ),
    }
  } finally {
    db.close()
  }
}

/** How the voters are reached: phone, e-mail. */
export const buildReach = async ({ artifact, rows, columns, spillDir }: PartRequest): Promise<EncodedColumns> => {
  const db = await openDuckDb({ threads: 1, spillDir, memoryShare })
  try {
    const raws = await readColumns(db, fromArtifact(artifact), rows, expressions(['phone', 'email'], columns))
    const phone = encodeText(raws, 'phone', phoneValue)
    const email = encodeText(raws, 'email', emailValue)
    return {
      columns: { phone: phone.column, email: email.column },
      vocabularies: { phone: phone.vocabulary, email: email.vocabulary },
    }
  } finally {
    db.close()
  }
}

/** Where the voters are: house number, street, unit, city, ZIP. */
export const buildPlaces = async ({ artifact, rows, columns, spillDir }: PartRequest): Promise<EncodedColumns> => {
  const db = await openDuckDb({ threads: 1, spillDir, memoryShare })
  try {
    const given = expressions(['address2', 'city', 'zip'], columns)
    const from = partedLines(fromArtifact(artifact), columns)
    return encodePlaces(await readColumns(db, from, rows, { ...given, ...partedColumns }), rows)
  } finally {
    db.close()
  }
}

const fromArtifact = (artifact: string): string => `read_parquet(${literal(artifact)})`
