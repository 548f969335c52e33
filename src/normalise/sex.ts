export type SexCode = 'M' | 'F' | 'U' | ''

const spellings: Readonly<Record<Exclude<SexCode, ''>, string>> = {
  M: 'M MALE MAN BOY MR HOMBRE MASCULINO VARON',
  F: 'F FEMALE FEM WOMAN GIRL MRS MS MISS MUJER FEMENINO HEMBRA',
  U: 'U UNKNOWN UNK UNDISCLOSED UNSPECIFIED X O OTHER NB ENBY NONBINARY NOTSPECIFIED DECLINED DECLINETOSTATE',
}

const codes = new Map<string, SexCode>()
for (const code of ['M', 'F', 'U'] as const) for (const word of spellings[code].split(' ')) codes.set(word, code)

/** M, F, or U for anything said to be neither or unknown; '' when the text says nothing that is understood. */
export const sexCode = (s: string): SexCode => codes.get(s) ?? codes.get(s.toUpperCase().replace(/[^A-Z]+/g, '')) ?? ''
