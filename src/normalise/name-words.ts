const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Generation suffix of each spelling, upper case without periods. */
export const generationSuffixes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    JR: 'JR JNR JUNR JUNIOR',
    SR: 'SR SNR SENR SENIOR',
    II: 'II 2ND 2D SECOND',
    III: 'III 3RD 3D THIRD',
    IV: 'IV 4TH FOURTH',
    V: 'V 5TH FIFTH',
  }).flatMap(([suffix, spellings]) => spellings.split(' ').map((spelling): [string, string] => [spelling, suffix])),
)

/** Forms of address before a name, upper case without periods. */
export const titles = words(`
MR MRS MS MISS MX MISTER MESSRS DR DOCTOR PROF PROFESSOR REV REVEREND FR FATHER SISTER BROTHER BRO PASTOR RABBI IMAM
DEACON ELDER BISHOP HON HONORABLE JUDGE JUSTICE SEN SENATOR REP REPRESENTATIVE CONGRESSMAN CONGRESSWOMAN GOV GOVERNOR
MAYOR AMB AMBASSADOR PRES CAPT CAPTAIN CPT COL COLONEL MAJ MAJOR LT LIEUTENANT LTC CDR CMDR COMMANDER ADM ADMIRAL GEN
GENERAL SGT SERGEANT SSGT MSGT CPL CORPORAL PVT PRIVATE SIR LADY DAME SRA SRTA SENOR SENORA`)

/** Titles that are given names as well: they count as titles only where first and last name still follow. */
export const givenNameTitles = words(
  'MAJOR PASTOR JUDGE JUSTICE GENERAL ELDER BISHOP DEACON SISTER BROTHER DAME SIR MISS REP',
)

/** Letters after a name that say nothing about who it is. */
export const credentials = words(`
MD DDS DMD PHD EDD JD ESQ ESQUIRE CPA RN LPN ARNP APRN DVM MBA LCSW LMHC RPH PHARMD PSYD USN USMC USAF USA RET CFA CFP`)

/** Letters that are names as well (DO, MA): degrees only behind a comma. */
export const credentialsAfterComma = words('DO DC OD MA MS BA BS PE PA NP RA AIA BSN MSN')

/** Words that open a surname of several words. */
export const particles = words(`
DE DEL DELA DELOS DELAS DELLA DELLO DEGLI DI DA DAS DO DOS DU D' LA LAS LO LOS LE EL AL BIN IBN ABU VAN VANDER VANDEN VON
VOM ZU ZUR DER DEN TER TEN TE ST ST. STE STE. SAINT SAN SANTA MC MAC O'`)

/** Vietnamese surnames: a VAN, LE or DO before one of them is a middle name, no particle. */
export const vietnameseSurnames = words(`
NGUYEN TRAN LE PHAM HUYNH HOANG PHAN VU VO DANG BUI DO HO NGO DUONG LY DINH TRUONG LUU MAI DAO LAM TA CAO TRINH DOAN THAI
CHAU QUACH HA VUONG TO LUONG`)

/** What stands in name fields instead of a name, as name keys. */
export const placeholderNames = words(`
UNKNOWN UNK UNKN UNKNOWNUNKNOWN UNNAMED NONE NULL NULLNULL UNDEFINED BLANK EMPTY TEST TESTER TESTTEST TESTING INMATE
MANOFTHEHOUSE LADYOFTHEHOUSE RESIDENT CURRENTRESIDENT OURRESIDENT POSTALCUSTOMER OCCUPANT CURRENTOCCUPANT HOUSEHOLD
HOUSEHOLDER HOMEOWNER ANONYMOUS ANON NFN NMN NMI NLN FNU LNU FNULNU NOFIRSTNAME NOLASTNAME NOMIDDLENAME NONAME
NONAMEGIVEN FIRSTNAME LASTNAME MIDDLENAME FULLNAME NAMEUNKNOWN NOTAVAILABLE NOTPROVIDED NOTGIVEN NOTAPPLICABLE
NOTREPORTED WITHHELD REFUSED REDACTED CONFIDENTIAL DECEASED DONOTCALL DONOTUSE DUPLICATE JOHNQPUBLIC ASDF QWERTY`)
