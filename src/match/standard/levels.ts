/**
 * The fields that a pair is compared on, each with its levels, worst first; level 0 says nothing, because a value is
 * missing. A field's classes say what kind of value the contact gives: how a name goes wrong depends on it.
 */
export interface FieldLevels {
  readonly name: string
  readonly levels: readonly string[]
  readonly classes: readonly string[]
}

const one = ['any'] as const
const nameClasses = ['rare', 'common', 'unknown', 'initial', 'nickname'] as const

export const addressLevels = ['missing', 'different', 'street', 'near', 'equal'] as const
export const areaLevels = [
  'missing',
  'different',
  'zip3',
  'city',
  'zip_near',
  'zip_near_city',
  'city_zip_missing',
  'zip_other_city',
  'zip',
  'zip_city',
] as const

/** The codes of areas and of addresses by name; a place's code is address × areas + area. */
export const areaCodes = Object.fromEntries(areaLevels.map((level, code) => [level, code])) as Record<
  (typeof areaLevels)[number],
  number
>
export const addressCodes = Object.fromEntries(addressLevels.map((level, code) => [level, code])) as Record<
  (typeof addressLevels)[number],
  number
>

export const fields = [
  {
    name: 'first_name',
    levels: [
      'missing',
      'different',
      'cross',
      'head',
      'jw87',
      'jw92',
      'initial',
      'middle',
      'email',
      'one_edit',
      'nickname',
      'equal',
      'swapped',
    ],
    classes: nameClasses,
  },
  {
    name: 'last_name',
    levels: ['missing', 'different', 'cross', 'sounds_alike', 'jw87', 'jw92', 'email', 'part', 'one_edit', 'equal'],
    classes: nameClasses,
  },
  { name: 'middle_name', levels: ['missing', 'different', 'initial', 'equal'], classes: one },
  { name: 'suffix', levels: ['missing', 'different', 'voter_only', 'contact_only', 'equal'], classes: one },
  { name: 'sex', levels: ['missing', 'different', 'equal'], classes: one },
  {
    name: 'birth_date',
    levels: ['missing', 'different', 'near_year', 'same_year', 'swapped', 'one_digit', 'year', 'equal'],
    // the first of January also stands for a day that nobody knows
    classes: ['day', 'january_1', 'year'],
  },
  {
    name: 'place',
    levels: addressLevels.flatMap((address) => areaLevels.map((area) => `${address}/${area}`)),
    classes: ['', 'address', 'zip', 'address+zip', 'city', 'address+city', 'zip+city', 'address+zip+city'],
  },
  { name: 'phone', levels: ['missing', 'different', 'near', 'equal'], classes: one },
  { name: 'email', levels: ['missing', 'different', 'user', 'equal'], classes: ['its_own', 'of_the_name'] },
] as const satisfies readonly FieldLevels[]

export type FieldName = (typeof fields)[number]['name']

/** A field's place among a pair's codes; extras follow. */
export const fieldAt = Object.fromEntries(fields.map(({ name }, i) => [name, i])) as Record<FieldName, number>

/** Levels of an extra column. */
const extraLevels = ['missing', 'different', 'equal'] as const
export const extraEqual = extraLevels.indexOf('equal')

type LevelsOf<F extends FieldName> = Extract<(typeof fields)[number], { readonly name: F }>['levels'][number]

/** The codes of a field's levels by name. */
export const codesOf = <F extends FieldName>(name: F): Record<LevelsOf<F>, number> => {
  const { levels } = fields[fieldAt[name]]!
  return Object.fromEntries(levels.map((level, code) => [level, code])) as Record<LevelsOf<F>, number>
}

/** Every field of a comparison with these extras. */
export const allFields = (extras: readonly string[]): readonly FieldLevels[] => [
  ...fields,
  ...extras.map((name) => ({ name: `extra.${name}`, levels: extraLevels, classes: one })),
]

/**
 * Where each field's levels begin when those of all fields stand one after another; the last entry is where they end, and
 * the levels of an e-mail address made of the names, a class that depends on the pair, begin.
 */
export const levelStarts = (extras: readonly string[]): Uint16Array => {
  const all = allFields(extras)
  const starts = new Uint16Array(all.length + 1)
  all.forEach(({ levels }, f) => {
    starts[f + 1] = starts[f]! + levels.length
  })
  return starts
}

export const emailOfTheName = (starts: Uint16Array): number => starts[starts.length - 1]!

/** Levels of all fields together, those of an address made of the names twice. */
export const levelCount = (starts: Uint16Array): number => emailOfTheName(starts) + fields[fieldAt.email]!.levels.length
