/** A contact's values in the same normalised form as the vocabularies of the voter index; '' or 0: not given. */
export interface PreparedContact {
  readonly svid: string
  readonly first: string
  readonly middle: string
  readonly last: string
  readonly suffix: string
  readonly sex: string
  /** yyyymmdd, 00 for unknown month or day; 0: not given */
  readonly birthDate: number
  readonly number: string
  readonly street: string
  readonly unit: string
  readonly city: string
  readonly zip: string
  readonly phone: string
  readonly email: string
  /** packed Soundex of the last name */
  readonly soundex: number
  /** first names that stand for the same given name */
  readonly nicknames: readonly string[]
  /** further columns that are compared, by name */
  readonly extras: Readonly<Record<string, string>>
}

/** A pair that a human has rejected: out of the running while the voter's row is still what the human saw. */
export interface ExcludedPair {
  readonly state: string
  readonly svid: string
  readonly voterVersion: string
}

export interface PreparedPerson {
  readonly contacts: readonly PreparedContact[]
  /** the states whose voter files are asked; every file when empty */
  readonly states: readonly string[]
  readonly excluded: readonly ExcludedPair[]
  /** odds of further candidates that are in none of the files asked, taken as given: what a bundle carries */
  readonly unlisted?: number
}
