/** What sets a contact apart from its voter, as `errors.csv` names it. */
export const contactKinds = [
  'not_in_file',
  'masked',
  'repeat',
  'junior',
  'twin',
  'moved',
  'married',
  'nickname',
  'initial',
  'middle_as_first',
  'swapped_names',
  'hyphen',
  'particle',
  'suffix_in_name',
  'typo',
  'ocr',
  'missing_birth_date',
  'birth_date_off',
  'birth_date_swapped',
  'birth_year_only',
  'missing_address',
  'missing_zip',
  'missing_city',
  'po_box',
  'unit_lost',
  'street_off',
  'city_variant',
  'zip_off',
  'missing_phone',
  'shared_phone',
  'old_phone',
  'missing_email',
  'shared_email',
  'other_email',
] as const

export type ContactKind = (typeof contactKinds)[number]

/** Notes one kind; asking twice notes it once. */
export type Note = (kind: ContactKind) => void
